"""What following a batch costs: of a batch that nothing rests on, one question."""

from rested_library import TRIAL, put, trial
from sqlalchemy import Engine
from told_statements import statements

from db import impact
from db.engine import writing

BATCH = [trial(90001000 + number, title=f"Invented trial {number}") for number in range(20)]


def followed(engine: Engine) -> list[str]:
    """The statements of a walk of all that ever happened but the first two articles' arrival."""
    with writing(engine) as session, statements(engine) as found:
        assert impact.walk(session, run_id=None, after=2) == impact.Impact()
        session.commit()
    return found


def test_a_batch_that_nothing_rests_on_is_one_question(rested_on_both: Engine) -> None:
    put(rested_on_both, *BATCH)
    assert len(followed(rested_on_both)) == 1
    put(rested_on_both, *(trial(record.pmid or 0, title=f"Revised: {record.title}") for record in BATCH))
    assert len(followed(rested_on_both)) == 1


def test_to_be_indexed_anew_is_one_question_also_where_something_rests(rested_on_both: Engine) -> None:
    put(rested_on_both, trial(TRIAL, status="MEDLINE"))
    assert len(followed(rested_on_both)) == 1

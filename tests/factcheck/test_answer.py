import json

import pytest
from factcheck.factcheck_copy import Ranking, check, claim, linked, study
from jsonschema import Draft202012Validator, FormatChecker, ValidationError

from review_app.factcheck import answer

COPY = """Why it helps

Ketamine may ease depression within hours in some patients. Ketamine cures depression.
It rewires the brain. Call us today! About 83% of patients respond to ketamine."""
VALIDATOR = Draft202012Validator(answer.schema(), format_checker=FormatChecker())


def checked() -> dict[str, object]:
    result = check(COPY, claim(evidence=(linked(),)), studies=[study()], ranking=Ranking("supports"))
    return answer.to_json(result)


def test_the_schema_is_itself_valid() -> None:
    Draft202012Validator.check_schema(answer.schema())


def test_an_answer_keeps_to_the_schema() -> None:
    assert list(VALIDATOR.iter_errors(checked())) == []
    foreign = answer.to_json(check("Hola, la ketamina es buena para el dolor y la depresi\u00f3n."))
    assert list(VALIDATOR.iter_errors(foreign)) == []


def test_an_answer_is_plain_json_that_keeps_its_offsets() -> None:
    found = json.loads(json.dumps(checked()))
    for sentence in found["sentences"]:
        assert found["text"][sentence["start"] : sentence["end"]] == sentence["text"]
    assert sum(found["summary"].values()) == sum(sentence["checkable"] for sentence in found["sentences"])


def test_times_are_utc() -> None:
    assert checked()["checked_at"] == "2026-03-01T08:00:00Z"


@pytest.mark.parametrize(
    ("key", "value"),
    [("verdict", "fine"), ("basis", "guessed"), ("standing", "old"), ("checkability", 2), ("extra", 1)],
)
def test_the_schema_refuses_what_the_contract_does_not_have(key: str, value: object) -> None:
    found = json.loads(json.dumps(checked()))
    found["sentences"][1][key] = value
    with pytest.raises(ValidationError):
        VALIDATOR.validate(found)


def test_the_schema_refuses_a_supported_suggestion_without_a_supporting_quote() -> None:
    found = json.loads(json.dumps(checked()))
    sentence = next(one for one in found["sentences"] if one["checkable"])
    sentence.update(verdict="supported", basis="suggested", evidence=[])
    with pytest.raises(ValidationError):
        VALIDATOR.validate(found)

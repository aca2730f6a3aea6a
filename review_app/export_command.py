"""`factcheck export`: articles of the library, or what was found and judged in them."""

import argparse
import sys
from itertools import chain

from sqlmodel import Session

from db.queries.review import Included
from db.types import Actor
from review_app.export.formats import FORMATS
from review_app.export.judgements import WRITERS
from review_app.output_file import write
from review_app.services import exporting, judgements
from review_app.source_file import Failed


def export(session: Session, chosen: argparse.Namespace, *, viewer: Actor, topic_id: str) -> None:
    """Write what was chosen, and say what it lacks."""
    if chosen.judgements and not (chosen.query or chosen.pmids or chosen.claim or chosen.included):
        write(chosen.output, WRITERS[chosen.format](judgements.everything(session, viewer=viewer, topic_id=topic_id)))
        return
    included = exporting.included(session, viewer=viewer, topic_id=topic_id) if chosen.included else None
    if included:
        _say_undecided(included)
    ids = included.article_ids if included else None
    _say_absent(
        exporting.absent(session, viewer=viewer, pmids=chosen.pmids, claim_id=chosen.claim, article_ids=ids), chosen
    )
    if chosen.judgements:
        _judgements(session, chosen, ids, viewer=viewer, topic_id=topic_id)
        return
    form = FORMATS[chosen.format]
    found = exporting.articles(
        session,
        viewer=viewer,
        topic_id=topic_id,
        query=chosen.query,
        pmids=chosen.pmids,
        claim_id=chosen.claim,
        article_ids=ids,
        with_tags=form.has_tags,
    )
    write(chosen.output, form.write(found))


def _judgements(
    session: Session, chosen: argparse.Namespace, ids: tuple[int, ...] | None, *, viewer: Actor, topic_id: str
) -> None:
    """Those of the chosen articles; the claim's own grades with its evidence, all grades with what is included."""
    found = exporting.chosen(
        session, viewer=viewer, query=chosen.query, pmids=chosen.pmids, claim_id=chosen.claim, article_ids=ids
    )
    articles = chain.from_iterable(found)
    rows = judgements.judged(session, viewer=viewer, topic_id=topic_id, articles=articles)
    if chosen.claim or chosen.included:
        grades = judgements.graded(session, viewer=viewer, topic_id=topic_id, claim_id=chosen.claim)
        rows = chain(rows, grades)
    write(chosen.output, WRITERS[chosen.format](rows))


def _say_undecided(included: Included) -> None:
    stage, waiting = included.stage.value.replace("_", "-"), included.records - included.decided
    if waiting or not included.article_ids:
        said = f"{len(included.article_ids):,} of {included.records:,} records are included at {stage} screening"
        sys.stderr.write(f"factcheck: {said}; {waiting:,} have no final decision there yet\n")


def _say_absent(absent: list[int], chosen: argparse.Namespace) -> None:
    """A file of references never loses one in silence."""
    named = ", ".join(map(str, absent))
    if chosen.pmids and set(absent) == set(chosen.pmids):
        raise Failed(f"none of these PMIDs is in this library: {named}; harvest or import them first")
    if absent:
        sys.stderr.write(f"factcheck: not in this library, so not in the export: PMID {named}\n")

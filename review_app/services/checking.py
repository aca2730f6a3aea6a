"""Check a document against the library. The check reads; keeping its answer is a write of its own."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from sqlmodel import Session

from db import config
from db.queries import documents as document_queries
from db.types import Actor
from db.vocabulary import vocabulary
from review_app.factcheck import (
    answer,
    engine,
    extraction,
    report_claimreview,
    report_html,
    report_markdown,
    report_sarif,
    report_text,
    topic_data,
)
from review_app.factcheck.dossier import About
from review_app.factcheck.model import Block, Check, CheckRequest, FindStudies, Library, SourceText
from review_app.services import earlier, exporting, studies
from review_app.services.check_library import check_library
from review_app.services.documents import REPORTS, GivenAnswer
from review_app.services.searching import BY_MEANING

Citations = Mapping[int, str]
NO_CITATIONS: Final[Citations] = {}


@dataclass(frozen=True, slots=True)
class OpenLibrary:
    """The claims of a library and the way into its studies, for as long as its session is open."""

    topic_id: str
    library: Library
    find_studies: FindStudies
    rejected: frozenset[tuple[str, str]] = frozenset()


def library(
    session: Session, *, viewer: Actor, topic_id: str, day: date | None = None, document_id: int | None = None
) -> OpenLibrary:
    """The library as it stands, or as it stood at the end of a day. Raises Invalid for a day that it cannot know.

    A claim that people rejected for the same words in another document is not suggested. To check a kept document
    again name it: what was rejected in it stays beside its sentences, where it can be taken back.
    """
    if day is None:
        held = check_library(session, viewer=viewer, topic_id=topic_id)
        rejected = document_queries.rejections(session, viewer=viewer, topic_id=topic_id, besides=document_id)
        return OpenLibrary(topic_id, held, studies.finder(session, viewer=viewer, topic_id=topic_id), rejected)
    as_of = earlier.end_of(session, day, topic_id=topic_id)
    held = check_library(session, viewer=viewer, topic_id=topic_id, as_of=as_of)
    rejected = document_queries.rejections(session, viewer=viewer, topic_id=topic_id, as_of=as_of)
    return OpenLibrary(topic_id, held, earlier.finder(session, as_of=as_of), rejected)


def also_by_meaning(opened: OpenLibrary, find: FindStudies) -> OpenLibrary:
    """With studies that are found and ranked by likeness of meaning too, which the answer says."""
    library = replace(opened.library, limits=(*opened.library.limits, BY_MEANING))
    return replace(opened, library=library, find_studies=find)


def document_from(body: bytes, *, name: str, media_type: str | None = None) -> SourceText:
    """The text of a file, of what was pasted (named without an ending) or of a page, which comes with a media type.

    Raises extraction.Unreadable.
    """
    return extraction.extract(body, name=name, media_type=media_type)


def check_document(opened: OpenLibrary, document: SourceText, *, source: str, profile: str) -> Check:
    request = CheckRequest(source, document, opened.topic_id, profile, opened.library.as_of, opened.rejected)
    return engine.check(request, opened.library, opened.find_studies, config.now())


def citations(session: Session, check: Check) -> Citations:
    """How a reference list names the studies of an answer, by the article's id: as PubMed has them now.

    None for an earlier state: today's record tells what came later.
    """
    if check.library.as_of is not None:
        return NO_CITATIONS
    ids = {one.id for item in check.sentences for one in item.evidence if one.kind == "study"}
    return exporting.citations(session, ids=sorted(ids))


def answered(
    check: Check, *, topic_id: str, profile: str, title: str = "", citations: Citations = NO_CITATIONS
) -> GivenAnswer:
    """The answer and the reports on it, to be kept together: a report is what was known when it was asked."""
    reports = {
        form: report(check, form, topic_id=topic_id, profile=profile, title=title, citations=citations)
        for form in REPORTS
    }
    return GivenAnswer(answer.to_json(check), reports)


def stored_text(kept: dict[str, Any]) -> SourceText:
    """The text of a kept answer with its blocks, as it was checked."""
    return SourceText(kept["text"], kept["title"], tuple(Block(**block) for block in kept["blocks"]))


def report(
    check: Check, form: str, *, topic_id: str, profile: str, title: str = "", citations: Citations = NO_CITATIONS
) -> str:
    """The answer as `text`, `json`, `html`, `markdown`, `sarif` or `claimreview`.

    `title` is what the document is called, where somebody named it.
    """
    if form == "json":
        return answer_text(answer.to_json(check))
    if form == "claimreview":
        return report_claimreview.render(check)
    if form == "sarif":
        return report_sarif.render(check, topic_data.load(topic_id))
    render = {"html": report_html.render, "markdown": report_markdown.render, "text": report_text.render}[form]
    return render(check, topic_data.load(topic_id), _about(title, profile, citations))


def diff_report(old: Check, new: Check, form: str, *, topic_id: str, profile: str) -> str:
    """What a new version changes, as `text`, `json`, `html` or `markdown`."""
    # Imported here because few ask for it.
    from review_app.factcheck import report_diff
    from review_app.factcheck.diff import diff

    found = diff(old, new)
    if form == "json":
        return answer_text(report_diff.to_json(found))
    render = {"html": report_diff.to_html, "markdown": report_diff.to_markdown, "text": report_diff.to_text}[form]
    return render(found, topic_data.load(topic_id), _about("", profile, NO_CITATIONS))


def word_report(
    check: Check, *, topic_id: str, profile: str, title: str = "", citations: Citations = NO_CITATIONS
) -> bytes:
    """The answer as a .docx file."""
    # Imported here because few answers are asked for so.
    from review_app.factcheck import report_docx

    return report_docx.render(check, topic_data.load(topic_id), _about(title, profile, citations))


def _about(title: str, profile: str, citations: Citations) -> About:
    designs = {design: vocabulary().label("study_design", design) for design in vocabulary().ids("study_design")}
    return About(title, profile, designs, citations)


def answer_text(kept: dict[str, Any]) -> str:
    """The answer's object as the text of a JSON file."""
    return json.dumps(kept, ensure_ascii=False, indent=2) + "\n"

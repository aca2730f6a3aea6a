"""Check a document against the library. The check reads; keeping its answer is a write of its own."""

from dataclasses import dataclass

from sqlmodel import Session

from db import config
from db.types import Actor
from review_app.factcheck import engine, extraction
from review_app.factcheck.model import Check, CheckRequest, FindStudies, Library, SourceText
from review_app.services import studies
from review_app.services.check_library import check_library


@dataclass(frozen=True, slots=True)
class OpenLibrary:
    """The claims of a library and the way into its studies, for as long as its session is open."""

    topic_id: str
    library: Library
    find_studies: FindStudies


def library(session: Session, *, viewer: Actor, topic_id: str) -> OpenLibrary:
    return OpenLibrary(
        topic_id,
        check_library(session, viewer=viewer, topic_id=topic_id),
        studies.finder(session, viewer=viewer, topic_id=topic_id),
    )


def document_from(body: bytes, *, name: str) -> SourceText:
    """The text of a file, or of what was pasted (named without an ending). Raises extraction.Unreadable."""
    return extraction.extract(body, name=name)


def check_document(opened: OpenLibrary, document: SourceText, *, source: str, profile: str) -> Check:
    request = CheckRequest(source=source, document=document, topic=opened.topic_id, profile=profile)
    return engine.check(request, opened.library, opened.find_studies, config.now())


def report(check: Check, form: str) -> str:
    """The answer as `text`, `json`, `html` or `markdown`."""
    if form == "json":
        from review_app.factcheck.answer import to_json

        return to_json(check) + "\n"
    if form == "html":
        from review_app.factcheck.report_html import to_html

        return to_html(check)
    if form == "markdown":
        from review_app.factcheck.report_markdown import to_markdown

        return to_markdown(check)
    from review_app.factcheck.report_text import to_text

    return to_text(check)

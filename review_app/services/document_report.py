"""The kept report of a check, with what people have decided about the document since. Reads only."""

from collections.abc import Iterator

from review_app.factcheck.marks import NOT_AN_APPROVAL, VERDICT_WORDS
from review_app.factcheck.report_decisions import Decision, to_html, to_markdown
from review_app.services.document_view import DocumentView, SentenceView

_RENDER = {"html": to_html, "markdown": to_markdown}


def report(view: DocumentView, form: str) -> str:
    """The report as `html` or `markdown`: the bytes that were kept, then the decisions as far as `view` shows them.

    Which sentences have to be looked at again by now is said at its head.
    """
    page = view.reports[form].decode()
    if doubted := ", ".join(str(sentence.position + 1) for sentence in view.sentences if sentence.doubts):
        again = f"{NOT_AN_APPROVAL} As of {view.read_at:%Y-%m-%d}, to be looked at again: sentence {doubted}."
        page = page.replace(NOT_AN_APPROVAL, again, 1)
    return _RENDER[form](page, tuple(decisions(view)), view.read_at)


def decisions(view: DocumentView) -> Iterator[Decision]:
    """What people said of each sentence in order, then of each claim that a sentence makes."""
    for sentence in view.sentences:
        yield from _on_sentence(sentence)
    judged: set[str] = set()
    for sentence in view.sentences:
        claim, given = sentence.answer["claim"], sentence.judged
        if claim is None or given is None or claim["id"] in judged:
            continue
        judged.add(claim["id"])
        said = next((words for verdict, words in VERDICT_WORDS.items() if verdict == given.what), given.what)
        later = ", after this check" if given.at > view.checked_at else ""
        yield Decision(given.member, given.at, f"judged as stated: {said}{later}", given.reason, claim["statement"])


def _on_sentence(sentence: SentenceView) -> Iterator[Decision]:
    text, place, checked = sentence.answer["text"], sentence.position, sentence.answer["verdict"] is not None
    if sentence.set_aside is not None:
        given = sentence.set_aside
        yield Decision(given.member, given.at, "it makes no claim", given.reason, text, place, undoes=checked)
    elif sentence.link is not None:
        given, claim = sentence.link, sentence.answer["claim"]["statement"].rstrip(".")
        said = f"it makes another claim than “{claim}”" if sentence.is_rejected else f"it makes the claim “{claim}”"
        undoes = checked and sentence.is_rejected
        yield Decision(given.member, given.at, said, given.reason, text, place, undoes=undoes)

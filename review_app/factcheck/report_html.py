"""A check as one self-contained web page: the document as it reads, each marked sentence opening its dossier."""

from collections.abc import Iterable, Iterator
from functools import cache
from html import escape
from importlib import resources

from review_app.factcheck import marks
from review_app.factcheck.dossier import (
    UNNAMED,
    About,
    Cited,
    Dossier,
    checked_line,
    counts,
    dossiers,
    listed_line,
    noted,
    reference_line,
    references,
)
from review_app.factcheck.model import Block, Check, CheckedSentence
from review_app.factcheck.topic_data import TopicData
from review_app.factcheck.verdicts import NO_SUPPORT

END = "</footer></body></html>\n"
_TAGS = {"heading": "h2", "paragraph": "p", "list_item": "p", "table_cell": "p", "quote": "blockquote", "code": "pre"}


def render(check: Check, data: TopicData, about: About = UNNAMED) -> str:
    """Nothing in the page is loaded from elsewhere and it runs no script; all text of the document is escaped."""
    found = dossiers(check, data)
    title = escape(about.heading(check))
    source = f"{escape(check.source)}<br>" if about.heading(check) != check.source else ""
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        f"<title>{title}: fact-check</title><style>{_style()}</style></head><body>",
        f"<header><h1>{title}</h1><p class=status>{source}{escape(checked_line(check, about))}</p>",
        f"<p class=notice>{escape(marks.NOT_AN_APPROVAL)}</p>",
        f"<ul class=counts>{''.join(_counts(check))}</ul>",
        "<p class=key>Badge: filled = reviewed by people; outlined = claim of the library, not reviewed here; "
        "<i>outlined and italic = suggestion, decided by nobody</i>.</p></header>",
        *(f"<p class=notice><b>{escape(flag.message)}</b></p>" for flag in check.document_flags),
        f"<main><article>{''.join(_copy(check, found))}</article>",
        "<section class=dossiers aria-label=Dossiers>",
        *(_dossier(one, about) for one in found),
        f"</section></main><footer>{''.join(_ledger(check, data))}",
        *_references(references(found), about),
        END,
    ]
    return "".join(parts)


@cache
def _style() -> str:
    return resources.files("review_app.factcheck").joinpath("report.css").read_text("utf-8").strip()


def _counts(check: Check) -> Iterator[str]:
    total = counts(check)
    for verdict, words in marks.VERDICT_WORDS.items():
        yield f"<li class={verdict}><b>{marks.VERDICT_SIGNS[verdict]} {total[verdict]}</b> {words}</li>"


def _copy(check: Check, found: Iterable[Dossier]) -> Iterator[str]:
    by_block: dict[int, list[CheckedSentence]] = {}
    for checked in check.sentences:
        by_block.setdefault(checked.sentence.block, []).append(checked)
    known = {dossier.checked.sentence.index for dossier in found}
    for number, block in enumerate(check.document.blocks):
        tag = _TAGS.get(block.kind, "p")
        kind = ' class="item"' if block.kind == "list_item" else ""
        yield f"<{tag}{kind}>{''.join(_block(check, block, by_block.get(number, []), known))}</{tag}>"


def _block(check: Check, block: Block, sentences: Iterable[CheckedSentence], known: set[int]) -> Iterator[str]:
    position = block.start
    text = check.document.text
    for checked in sentences:
        sentence = checked.sentence
        yield escape(text[position : sentence.start])
        position = sentence.end
        words = escape(text[sentence.start : sentence.end])
        if sentence.index not in known or checked.verdict is None:
            yield words
            continue
        sign = marks.VERDICT_SIGNS[checked.verdict]
        label = f"{marks.VERDICT_WORDS[checked.verdict]}, {checked.basis}"
        yield (
            f'<a id="s{sentence.index}" href="#d{sentence.index}" class="mark {checked.verdict} {checked.basis}"'
            f' title="{label}">{words}<sup aria-label="{label}">{sign}</sup></a>'
        )
    yield escape(text[position : block.end])


def _dossier(dossier: Dossier, about: About) -> str:
    checked = dossier.checked
    index = checked.sentence.index
    verdict = checked.verdict or "insufficient_evidence"
    rows = "".join(f"<dt>{escape(what)}</dt><dd>{escape(words)}</dd>" for what, words in dossier.lines)
    held = "".join(_evidence(one, about) for one in dossier.cited)
    missing = "".join(f"<li class=missing>{escape(line)}</li>" for line in dossier.not_held)
    return (
        f'<section id="d{index}" class="dossier {verdict}"><h3><span class="badge {checked.basis}">'
        f"{marks.VERDICT_SIGNS[verdict]} {marks.VERDICT_WORDS[verdict]}</span> <small>{checked.basis}</small></h3>"
        f'<blockquote><a href="#s{index}">{escape(checked.sentence.text)}</a></blockquote>'
        f"<dl>{rows}</dl><ul class=evidence>{held}{missing}</ul>{_beside(dossier, about)}</section>"
    )


def _beside(dossier: Dossier, about: About) -> str:
    if not dossier.beside:
        return ""
    head = f"{marks.FOUND_BESIDE}: {len(dossier.beside)}"
    items = "".join(_evidence(one, about) for one in dossier.beside)
    return f"<details><summary>{head}</summary><ul class=evidence>{items}</ul></details>"


def _evidence(cited: Cited, about: About) -> str:
    evidence = cited.evidence
    shown = _struck(cited, reference_line(evidence, about))
    quote = f"<q>{escape(evidence.quote)}</q>" if evidence.quote else ""
    note = f"<p class=note>{escape(noted(evidence))}</p>" if evidence.note else ""
    return (
        f'<li class="{evidence.stance}"><a href="#r{cited.number}">[{cited.number}]</a> '
        f"<b>{escape(marks.STANCE_WORDS[evidence.stance])}</b> <small>({escape(marks.origin(evidence))})</small><br>"
        f"{shown}{quote}{note}</li>"
    )


def _struck(cited: Cited, line: str) -> str:
    """A reference that no longer stands is struck through, in the list too."""
    return f"<s>{escape(line)}</s>" if cited.evidence.integrity in NO_SUPPORT else escape(line)


def _ledger(check: Check, data: TopicData) -> Iterator[str]:
    if not check.balance:
        return
    texts = {concept.id: concept.text for concept in data.balance}
    yield "<h2>Balance</h2><p>What copy about these products should say, and whether it does.</p><ul class=balance>"
    for item in check.balance:
        text = escape(texts.get(item.concept, item.concept))
        if item.sentence is not None:
            yield f'<li>✓ {text}: <a href="#s{item.sentence}">sentence {item.sentence + 1}</a></li>'
        else:
            yield f"<li class=absent>✕ {text}: not said</li>"
    yield "</ul>"


def _references(cited: tuple[Cited, ...], about: About) -> Iterator[str]:
    if not cited:
        return
    yield "<h2>References</h2><ol>"
    for one in cited:
        yield f'<li id="r{one.number}">{_struck(one, listed_line(one.evidence, about))}</li>'
    yield "</ol>"

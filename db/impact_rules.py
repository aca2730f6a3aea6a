"""Who is told of what, and what a change re-opens.

| what happened to an article | alert | verdicts and accepted links stale |
|---|---|---|
| a retraction, whole or in part, with a replacement or without, or a withdrawal | yes | yes |
| an expression of concern; a correction, each one more | yes | yes |
| a mark was taken away and none as grave is left | `reinstated` | yes |
| one source takes a mark back that another keeps | `sources_disagree` | no: it stands as it stood |
| merged with another record that stands otherwise, or parted from it | as above | as above |
| gone from its source for good | `gone` | yes |
| there again after that | `returned` | no, unless its words are others |
| a newer version is out (UpdateIn) | `updated` | yes |
| a linked quote stands there no more | `quote_orphaned` | yes |
| a numeral, a sign or a negation is another, anywhere in title or abstract | `reworded` | yes |
| other words, where evidence without a quote rests on it | `reworded` | yes |
| other words, all linked quotes stand as they stood; or a lost quote is found again | `reworded` | no |
| case, punctuation or the parting into sections alone | no | no |
| indexing, status, dates, keywords, authors, journal data; a single missing night | no | no |

A new article concerns nobody, unless a claim named it before it came and it comes with a grave mark.
"""

from dataclasses import dataclass

from db.impact_alerts import gravest
from db.impact_changes import ArticleChange
from db.impact_standing import PUBMED
from db.integrity import SOURCE_NAMES
from db.models import Article

RE_OPENS = {
    *("retracted_and_replaced", "retracted", "withdrawn", "partially_retracted", "concern", "corrected"),
    *("reinstated", "gone", "updated", "quote_orphaned"),
}
_MARKS = {
    "retracted_and_republished": "as retracted and replaced",
    "retraction": "as retracted",
    "withdrawal": "as withdrawn",
    "partial_retraction": "as retracted in part",
    "expression_of_concern": "with an expression of concern",
    "erratum": "as corrected",
    "corrected_and_republished": "as corrected and republished",
}
_SENTENCES = {
    "retracted_and_replaced": "{study} was retracted and replaced{by}{source}",
    "retracted": "{study} was retracted{source}",
    "withdrawn": "{study} was withdrawn{source}",
    "partially_retracted": "{study} was retracted in part{source}",
    "concern": "An expression of concern about {study} was published{source}",
    "corrected": "A correction of {study} was published{source}",
    "reinstated": "{study} is not marked {mark} any more",
    "sources_disagree": "Sources disagree about {study}: {names} keeps the mark, another source took it back",
    "gone": "{study} is gone from its source",
    "returned": "{study} is back in its source",
    "updated": "{study} has a newer version{at}",
    "quote_orphaned": "The words of {study} changed",
    "reworded": "The words of {study} changed",
}


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change is to one thing that rests on the article."""

    kind: str
    stale: bool


def effect(change: ArticleChange, *, orphaned: bool, found_again: bool, unquoted: bool) -> Effect | None:
    """None where it is nothing. `orphaned`, `found_again`: of the quotes that the thing rests on; `unquoted`: it rests
    on the article as a whole."""
    kinds = {change.standing.kind} if change.standing else set()
    kinds |= {"quote_orphaned"} if orphaned else set()
    kinds |= {"reworded"} if change.rewording.words or found_again else set()
    if not kinds:
        return None
    marks, words = change.rewording.marks, change.rewording.words
    return Effect(gravest(kinds), marks or (words and unquoted) or not RE_OPENS.isdisjoint(kinds))


def summary(change: ArticleChange, told: Effect, *, orphaned: bool) -> str:
    """One sentence on what happened to the article."""
    said, other = change.standing, replaced_by(change)
    sentence = _SENTENCES[told.kind].format(
        study=study(change.article),
        by=f" by PMID {other}" if other else "",
        at=f", PMID {other}" if other else "",
        source=_source(said.sources) if said else "",
        mark=_MARKS.get(said.notice, "") if said else "",
        names=_names(said.sources) if said else "",
    )
    if orphaned:
        sentence += ", and a quote from it stands there no more"
    elif told.kind == "reworded" and change.reread:
        sentence += ", as a newer version of Footnote reads its record"
    elif change.rewording.marks:
        sentence += ", a number, a sign or a negation among them" if told.kind == "reworded" else ""
    return f"{sentence}."


def study(article: Article) -> str:
    """The article in a few words, such as `Varga et al. 2025 (PMID 90000201)`."""
    first = article.authors[0] if article.authors else {}
    name = first.get("last") or first.get("collective")
    if name and len(article.authors) > 1:
        name = f"{name} et al."
    words = " ".join(str(part) for part in (name or f"“{_short(article.title)}”", article.year) if part)
    return f"{words} (PMID {article.pmid})" if article.pmid is not None else words


def replaced_by(change: ArticleChange) -> int | None:
    """The PMID of the replacement, or of the newer version."""
    if change.standing is None or change.standing.kind not in {"retracted_and_replaced", "updated"}:
        return None
    return next((row.other_pmid for row in reversed(change.notices) if row.withdrawn_at is None), None)


def _source(sources: tuple[str, ...]) -> str:
    """Nothing where PubMed says so itself."""
    return "" if PUBMED in sources or not sources else f" according to {_names(sources)}, not to PubMed"


def _names(sources: tuple[str, ...]) -> str:
    return " and ".join(SOURCE_NAMES.get(source, source) for source in sources)


def _short(title: str) -> str:
    return title if len(title) <= 80 else title[:80].rsplit(" ", 1)[0] + " …"

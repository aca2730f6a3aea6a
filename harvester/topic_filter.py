"""Whether a record belongs to a topic, decided here from the topic's own terms: for files, which nobody can query.

It comes close to what PubMed's query finds and is not the same: it sees the title, the abstract, the keywords and the
MeSH headings; a heading's narrower ones are those that the topic's file lists; substance names, abstracts in other
languages and PubMed's mapping of words to headings are not seen. `harvest sync` asks PubMed itself.
"""

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harvester.errors import Fatal
from harvester.records import ArticleRecord
from harvester.topic import TOPICS

_TERM = re.compile(r'"?(?P<words>[^"\[\]*]+?)"?(?P<truncated>\*?)"?\[(?P<field>[^\]]+)\]')
_WORD = re.compile(r"[^\W_]+")
_HEADINGS, _EXACT, _TEXT, _UNSEEN = (
    {"mesh", "mh"},
    {"mesh:noexp", "mh:noexp"},
    {"tiab"},
    {"supplementary concept", "nm"},
)


@dataclass(slots=True)
class Concept:
    """Alternatives: headings in lower case; words with the pattern that tells them from parts of other words."""

    headings: set[str] = field(default_factory=set)
    words: list[tuple[str, re.Pattern[str]]] = field(default_factory=list)

    def holds(self, text: str, headings: Iterable[str]) -> bool:
        # Looking for the bare letters first spares nearly all records the pattern.
        return not self.headings.isdisjoint(headings) or any(
            letters in text and pattern.search(text) for letters, pattern in self.words
        )


@dataclass(frozen=True, slots=True)
class TopicFilter:
    """A record matches when every concept holds."""

    concepts: Sequence[Concept]

    def matches(self, record: ArticleRecord) -> bool:
        parts = (record.title, *(section.text for section in record.sections), *record.keywords)
        text = "\n".join(parts).lower()
        headings = {heading.name.lower() for heading in record.mesh}
        return all(concept.holds(text, headings) for concept in self.concepts)


def load_filter(topic_id: str, folder: Path = TOPICS) -> TopicFilter:
    """The filter of a topic whose file `load_topic` has read. Raises `Fatal` for a term that cannot be evaluated."""
    data = tomllib.loads((folder / f"{topic_id}.toml").read_text("utf-8"))
    return TopicFilter([_concept(concept["term"]) for concept in data["concept"]])


def _concept(terms: Iterable[dict[str, Any]]) -> Concept:
    concept = Concept()
    for term in terms:
        match = _TERM.fullmatch(term["term"])
        field_name = match["field"].lower() if match else ""
        if match is None or field_name not in _HEADINGS | _EXACT | _TEXT | _UNSEEN:
            raise Fatal(f"the term {term['term']} of the topic can be asked of PubMed only, not of files")
        if field_name in _TEXT:
            concept.words.append(_pattern(match["words"].lower(), truncated=bool(match["truncated"])))
        elif field_name not in _UNSEEN:
            narrower = () if field_name in _EXACT else term.get("narrower", ())
            concept.headings |= {name.lower() for name in (match["words"], *narrower)}
    return concept


def _pattern(words: str, *, truncated: bool) -> tuple[str, re.Pattern[str]]:
    """Words that follow each other, with any signs between, as PubMed reads a hyphen."""
    parts = _WORD.findall(words)
    end = r"[^\W_]*" if truncated else ""
    pattern = r"(?<![^\W_])" + r"[\W_]+".join(map(re.escape, parts)) + end + r"(?![^\W_])"
    return max(parts, key=len), re.compile(pattern)

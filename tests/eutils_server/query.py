"""A query answered from the records: what an independent reader of them would compute, and nothing else.

Choices made, where PubMed itself leaves them open or needs more than the records:
- Operators count from left to right; no operator means AND; `A NOT B` is A without B.
- No automatic term mapping: an untagged term means its words in All Fields (title, abstract, keywords, MeSH,
  substances, publication types, authors, affiliations, journal, identifiers). Several untagged words without quotes
  must all occur; in quotes, or with a tag, they are a phrase. Unquoted and tagged, a phrase that occurs in no record
  becomes its words with AND, as PubMed does without its phrase index.
- Words, hyphens and phrases as in `words.py`. A `*` only ends a term, behind four characters or more of its last word.
- [mh], [majr], [pt], [nm], [ta], [la], [sh] compare whole names, punctuation and case aside; headings and publication
  types take in what `vocabulary.toml` lists below them, `:noexp` and [nm] do not. `heading/subheading` works.
- [au] takes "last name" or "last name initials"; unquoted initials may be the first of more (PubMed's automatic
  truncation), quoted ones are all of them.
- A date stands for its whole year, month or day, alone or as an end of a range; `reldate` counts back from the day
  that `clock.py` gives.
- A term neither in the records nor in the vocabulary finds nothing and is reported: quoted, or untagged and single, as
  QuotedPhraseNotFound, otherwise as PhraseNotFound. A field tag PubMed does not know is reported as FieldNotFound and
  its term searched as free text. Anything else is refused.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from eutils_server.corpus import Corpus
from eutils_server.fields import Field, by_tag, field_of, known_names, known_words, stopwords
from eutils_server.query_syntax import Group, HistorySet, Node, Range, Term, Unsupported, parse, range_in
from eutils_server.term_search import (
    author_hits,
    date_hits,
    date_text,
    filter_hits,
    name_hits,
    span,
    uid_hits,
    word_hits,
)
from eutils_server.words import fold, plain, words


@dataclass(slots=True)
class Found:
    """The hits and everything esearch says about how it read the query."""

    pmids: frozenset[int] = frozenset()
    translation: str = ""
    translated: list[tuple[str, str]] = field(default_factory=list)
    phrases_not_found: list[str] = field(default_factory=list)
    fields_not_found: list[str] = field(default_factory=list)
    quoted_not_found: list[str] = field(default_factory=list)


Lookup = Callable[[int], frozenset[int]]
Hits = tuple[frozenset[int], str]


def search(corpus: Corpus, query: str, lookup: Lookup, default_tag: str | None = None) -> Found:
    """`lookup` gives the set of a history reference `#n`; `default_tag` is esearch's `field` parameter."""
    asked = Searcher(corpus, lookup, default_tag)
    asked.found.pmids, text = asked.group(parse(query))
    whole = text.startswith("(") and text.find(")") == len(text) - 1
    asked.found.translation = text[1:-1] if whole else text
    return asked.found


class Searcher:
    def __init__(self, corpus: Corpus, lookup: Lookup, default_tag: str | None) -> None:
        self.corpus, self.lookup, self.default_tag = corpus, lookup, default_tag
        self.found = Found()

    def group(self, group: Group) -> Hits:
        result, parts = frozenset[int](), []
        for place, (operator, node) in enumerate(group.items):
            hits, text = self.node(node)
            if place == 0:
                result, parts = hits, [text]
                continue
            parts += [operator, text]
            result = {"AND": result & hits, "OR": result | hits, "NOT": result - hits}[operator]
        return result, " ".join(parts)

    def node(self, node: Node) -> Hits:
        if isinstance(node, Group):
            hits, text = self.group(node)
            return hits, f"({text})" if len(node.items) > 1 else text
        if isinstance(node, HistorySet):
            return self.lookup(node.number), f"#{node.number}"
        if isinstance(node, Range):
            return self.range(node)
        return self.term(node)

    def field(self, tag: str) -> tuple[Field | None, bool]:
        known, explode = field_of(tag)
        if known is None and field_of(tag.partition(":")[0])[0] is not None:
            raise Unsupported(f"field tag [{tag}]")
        if known is not None and not known.kind:
            raise Unsupported(f"field {known.name} [{tag}]")
        return known, explode

    def range(self, asked: Range) -> Hits:
        known, _ = self.field(asked.tag)
        if known is None or known.kind not in ("date", "uid"):
            raise Unsupported(f"a range in [{asked.tag}]")
        if known.kind == "uid":
            return uid_hits(self.corpus, asked.low, asked.high), f"{asked.low}:{asked.high}[UID]"
        low, high = span(asked.low)[0], span(asked.high)[1]
        return date_hits(self.corpus, known.code, low, high), f"{date_text(low)}:{date_text(high)}[{known.name}]"

    def term(self, term: Term) -> Hits:
        tag = term.tag if term.tag is not None else self.default_tag
        if tag is None:
            return self.untagged(term)
        known, explode = self.field(tag)
        if known is None:
            self.found.fields_not_found.append(tag)
            return self.untagged(Term(term.text, term.quoted, None))
        tagged = Term(term.text, term.quoted, tag)
        if known.kind in ("date", "uid"):
            whole = range_in(tagged)
            return self.range(whole) if whole else self.point(known, tagged)
        if known.kind == "words":
            return self.phrase(known, tagged)
        if known.kind == "filter":
            return filter_hits(self.corpus, term.text), f"{plain(term.text)}[{known.name}]"
        if known.kind == "author":
            return self.answered(tagged, known, author_hits(self.corpus, known.code, term.text, term.quoted))
        return self.name(known, tagged, explode)

    def point(self, known: Field, term: Term) -> Hits:
        if known.kind == "uid":
            return uid_hits(self.corpus, term.text, term.text), f"{term.text}[UID]"
        low, high = span(term.text)
        return date_hits(self.corpus, known.code, low, high), f"{date_text(low)}:{date_text(high)}[{known.name}]"

    def untagged(self, term: Term) -> Hits:
        everywhere = by_tag()["all"]
        if fold(term.text) == "hasabstract":
            return filter_hits(self.corpus, "hasabstract"), "hasabstract[Filter]"
        if term.quoted:
            return self.phrase(everywhere, term)
        if ignored := stopwords() & set(fold(term.text).split()):
            raise Unsupported(f"the stopword {min(ignored)!r} in untagged words (operators are upper case)")
        if ":" in term.text:
            raise Unsupported(f"{term.text!r} without a field tag")
        return self.every(everywhere, term, term.text.split())

    def every(self, known: Field, term: Term, parts: list[str]) -> Hits:
        """All of the words, wherever they stand in the field."""
        result, texts = self.corpus.everything, []
        for part in parts:
            hits, text = self.phrase(known, Term(part, False, term.tag))
            result &= hits
            texts.append(text)
        return result, f"({' AND '.join(texts)})" if len(texts) > 1 else texts[0]

    def phrase(self, known: Field, term: Term) -> Hits:
        hits = word_hits(self.corpus, known.code, term.text)
        parts = term.text.split()
        if not hits and term.tag is not None and not term.quoted and len(parts) > 1:
            return self.every(known, term, parts)
        return self.answered(term, known, hits, plain(term.text) + "*" * term.text.endswith("*") in known_words())

    def name(self, known: Field, term: Term, explode: bool) -> Hits:
        hits = name_hits(self.corpus, known.code, term.text, explode and "h" in known.flags)
        listed = "/".join(map(plain, term.text.split("/"))) in known_names(known.code)
        result = self.answered(term, known, hits, listed, ":noexp" if not explode else "")
        if not term.quoted and result[1] != term.written():
            self.found.translated.append((term.written(), result[1]))
        return result

    def answered(self, term: Term, known: Field, hits: frozenset[int], exists: bool = False, suffix: str = "") -> Hits:
        if hits or exists:
            return hits, f'"{fold(term.text)}"[{known.name}{suffix}]'
        if not words(term.text):
            raise Unsupported(f"{term.written()!r}, which has no word in it")
        if term.quoted or term.tag is None:
            self.found.quoted_not_found.append(term.written() if term.quoted else f'"{term.text}"')
        else:
            self.found.phrases_not_found.append(term.text)
        return hits, term.written()

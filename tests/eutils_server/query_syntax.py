"""A query as a tree: terms, ranges and history references in groups whose operators count from left to right.

Grammar: `group = item {[AND|OR|NOT] item}`, `item = "(" group ")" | "#n" | term ["[tag]"] [":" term ["[tag]"]]`.
No operator between two items means AND. Operators are upper case, as in PubMed. Words that follow each other without
quotes are one term; the tag behind them holds for all of them.
"""

import re
from dataclasses import dataclass

TOKEN = re.compile(
    r"""\s*(?:
      (?P<paren>[()]) | "(?P<quoted>[^"]*)" | \[(?P<tag>[^\]\[]*)\] | (?P<history>\#\d+)(?=[\s()]|$)
      | (?P<word>[^\s()\[\]"]+)
    )""",
    re.VERBOSE,
)


class Unsupported(Exception):
    """What this server does not search; the message names it."""


class Malformed(Exception):
    """What PubMed itself answers with an error."""


@dataclass(frozen=True, slots=True)
class Term:
    text: str
    quoted: bool
    tag: str | None

    def written(self) -> str:
        text = f'"{self.text}"' if self.quoted else self.text
        return text if self.tag is None else f"{text}[{self.tag}]"


@dataclass(frozen=True, slots=True)
class Range:
    low: str
    high: str
    tag: str


@dataclass(frozen=True, slots=True)
class HistorySet:
    number: int


@dataclass(frozen=True, slots=True)
class Group:
    """`items` with the operator before each; that of the first is AND and means nothing."""

    items: tuple[tuple[str, "Node"], ...]


Node = Term | Range | HistorySet | Group


@dataclass(frozen=True, slots=True)
class Token:
    kind: str
    text: str


def tokens(query: str) -> list[Token]:
    found: list[Token] = []
    at, query = 0, query.rstrip()
    while at < len(query):
        match = TOKEN.match(query, at)
        if match is None:
            raise Unsupported(f"unmatched quote or bracket at {query[at : at + 20].strip()!r}")
        kind, text = next((kind, text) for kind, text in match.groupdict().items() if text is not None)
        if kind == "word" and text.startswith("#"):
            raise Unsupported(f"{text!r}, which is no history reference")
        if kind == "word" and text in ("AND", "OR", "NOT"):
            kind = "operator"
        found.append(Token(kind, text))
        at = match.end()
    return found


def parse(query: str) -> Group:
    """Raises Malformed for parentheses that do not match, Unsupported for what the grammar does not know."""
    reader = Reader(tokens(query))
    group = reader.group()
    if reader.next() is not None:
        raise Malformed("unbalanced parentheses")
    return group


class Reader:
    def __init__(self, waiting: list[Token]) -> None:
        self.waiting = waiting[::-1]

    def next(self, *kinds: str) -> Token | None:
        """The next token, left where it is; None at the end, or when it is of no kind asked for."""
        if not self.waiting or (kinds and self.waiting[-1].kind not in kinds):
            return None
        return self.waiting[-1]

    def take(self, *kinds: str) -> Token | None:
        token = self.next(*kinds)
        if token is not None:
            self.waiting.pop()
        return token

    def group(self) -> Group:
        items: list[tuple[str, Node]] = []
        while (token := self.next()) is not None and token.text != ")":
            operator = self.take("operator")
            if operator is not None and not items:
                raise Unsupported(f"a query or group that begins with {operator.text}")
            items.append((operator.text if operator else "AND", self.item()))
        if not items:
            raise Malformed("empty query or group")
        return Group(tuple(items))

    def item(self) -> Node:
        if (token := self.take("history")) is not None:
            return HistorySet(int(token.text[1:]))
        if (token := self.take("paren")) is not None:
            if token.text == ")":
                raise Unsupported("an operator with nothing behind it")
            group = self.group()
            if self.take("paren") is None:
                raise Malformed("unbalanced parentheses")
            if self.next("tag") is not None:
                raise Unsupported("a field tag behind a parenthesis")
            return group
        return self.term_or_range()

    def term_or_range(self) -> Node:
        first = self.term()
        if first.quoted or first.tag is not None:
            if (colon := self.next("word")) is None or colon.text != ":":
                return first
            self.take()
            second = self.term()
            return between(first.text, second.text, first.tag or second.tag, second.tag)
        return first

    def term(self) -> Term:
        if (quoted := self.take("quoted")) is not None:
            if not quoted.text.strip():
                raise Unsupported("an empty quoted phrase")
            return Term(quoted.text.strip(), True, self.tag())
        run: list[str] = []
        while (word := self.next("word")) is not None and not (word.text == ":" and not run):
            run.append(word.text)
            self.take()
        if not run:
            token = self.next()
            raise Unsupported(f"{token.text!r} where a term is expected" if token else "an operator at the end")
        return Term(" ".join(run), False, self.tag())

    def tag(self) -> str | None:
        token = self.take("tag")
        return None if token is None else token.text.strip()


def between(low: str, high: str, tag: str | None, other: str | None) -> Range:
    if tag is None or (other or tag).lower() != tag.lower():
        raise Unsupported("a range without one field tag")
    return Range(low, high, tag)


def range_in(term: Term) -> Range | None:
    """`2020/01/01:2021[dp]` written as one term, quoted or not."""
    low, colon, high = term.text.partition(":")
    if not colon or term.tag is None:
        return None
    return Range(low.strip(), high.strip(), term.tag)

"""A web page as a document: what a visitor reads, without scripts, navigation and other furniture."""

import re

import trafilatura
from bs4 import BeautifulSoup
from bs4.element import PreformattedString, Tag

from review_app.factcheck import intricacy
from review_app.factcheck.layout import Layout, TooIntricate
from review_app.factcheck.model import SourceText

# Deeper or larger pages are not written by people; the walk is bounded so that they cannot hang it.
DEPTH_LIMIT = 200
ELEMENT_LIMIT = 200_000

_FURNITURE = frozenset(
    "script style template noscript svg math iframe object embed nav footer form select option head canvas audio video"
    " textarea datalist dialog input".split()
)
_KINDS = {"h1": "heading", "h2": "heading", "h3": "heading", "h4": "heading", "h5": "heading", "h6": "heading",
          "summary": "heading", "button": "heading", "dt": "heading", "figcaption": "paragraph", "li": "list_item",
          "td": "table_cell", "th": "table_cell", "blockquote": "quote", "pre": "code", "dd": "paragraph",
          "p": "paragraph"}  # fmt: skip
_BLOCKS = frozenset(
    "address article aside body caption center dd details div dl dt fieldset figcaption figure h1 h2 h3 h4 h5 h6 header"
    " hr html legend li main ol p pre section summary table tbody td tfoot th thead tr ul button blockquote".split()
)
_FURNITURE_ROLES = frozenset({"navigation", "banner", "contentinfo", "search", "menu", "menubar", "dialog"})
_FURNITURE_NAMES = re.compile(
    r"(?:^|[-_\s])(?:breadcrumbs?|cookies?|share|sharing|social|sidebar|related|newsletter|comments?|popup|modal)(?:$|[-_\s])"
)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_TILES = frozenset("div li section article figure aside td".split())
# A large figure or short capitals that a caption completes: "70%", "FDA", "24h", "1 in 3".
_TILE_HEAD = re.compile(
    r"[~<>≈+-]?\s?[$€£]?\d[\d.,]*\s?(?:%|\+|x|×|[a-zA-Z]{1,7})?|[A-Z]{2,5}|\d+ (?:in|of|out of) \d+"
)
_TILE_WORDS = 12
_XML_DECLARATION = re.compile(r"\s*<\?xml\s[^>]*>")
_BEFORE_ROOT = re.compile(r"(?:\s|<!--.*?-->|<(?!!--)[!?][^>]*>)*+", re.DOTALL)
_HTML_ROOT = re.compile(r"<html\b", re.IGNORECASE)
_CLOSERS = "\"'\u201d\u2019)]"
_SENTENCE_END = re.compile(rf"[.!?:\u2026][{re.escape(_CLOSERS)}]*\s*$")


def is_other_xml(markup: str) -> bool:
    """Whether it says that it is XML and is no XHTML: a feed, say, whose elements a browser would show as one run."""
    declared = _XML_DECLARATION.match(markup)
    if declared is None:
        return False
    before = _BEFORE_ROOT.match(markup, declared.end())
    return _HTML_ROOT.match(markup, before.end() if before else declared.end()) is None


def read(markup: str) -> SourceText:
    """Headings, paragraphs, list items with their lead-in, and table cells, in reading order.

    Blocks that trafilatura does not count as main text are kept unless their place or name says furniture: a claim
    in a box is still a claim. Raises `TooIntricate`.
    """
    soup = _parsed(markup)
    layout = Layout()
    _Walk(layout, _main_text(markup)).over(soup)
    return layout.document(_title(soup))


def read_into(layout: Layout, markup: str) -> None:
    """Add what a reader sees of a piece of HTML to a document that is being built. Raises `TooIntricate`."""
    _Walk(layout, None).over(_parsed(markup))


def _parsed(markup: str) -> BeautifulSoup:
    intricacy.refuse_page(markup)
    declared = _XML_DECLARATION.match(markup)  # which says nothing to a reader
    soup = BeautifulSoup(markup[declared.end() :] if declared else markup, "lxml")
    _refuse_intricate(soup)
    return soup


def _title(soup: BeautifulSoup) -> str | None:
    for found in (soup.title, soup.h1):
        words = " ".join(found.get_text(" ").split()) if found is not None else ""
        if words:
            return words
    return None


def _main_text(markup: str) -> str:
    extracted = trafilatura.extract(markup, include_comments=False, include_tables=True, favor_recall=True)
    main_text = " ".join((extracted or "").split())
    intricacy.refuse_length(main_text)
    return main_text


def _refuse_intricate(soup: BeautifulSoup) -> None:
    level: list[Tag] = [soup]
    elements = 0
    for _ in range(DEPTH_LIMIT):
        level = [child for tag in level for child in tag.children if isinstance(child, Tag)]
        elements += len(level)
        if elements > ELEMENT_LIMIT:
            raise TooIntricate(f"more than {ELEMENT_LIMIT:,} elements")
        if not level:
            return
    raise TooIntricate(f"elements nested more than {DEPTH_LIMIT} deep")


class _Walk:
    """One pass over the page in reading order, collecting text until a block ends; no main text keeps every block."""

    def __init__(self, layout: Layout, main_text: str | None) -> None:
        self.layout = layout
        self._main_text = main_text
        self._pieces: list[str] = []
        self._kinds: list[str] = ["paragraph"]
        self._doubtful = 0

    def over(self, element: Tag) -> None:
        for child in element.children:
            if isinstance(child, Tag):
                if not _is_furniture(child):
                    self._enter(child)
            elif not isinstance(child, PreformattedString):
                self._pieces.append(str(child))
        if element.parent is None:
            self._flush()

    def _enter(self, tag: Tag) -> None:
        if tag.name == "br":
            self._line_break()
            return
        if tag.name not in _BLOCKS:
            self.over(tag)
            return
        self._flush()
        kind = _KINDS.get(tag.name)
        doubtful = bool(_FURNITURE_NAMES.search(_names(tag)))
        self._doubtful += doubtful
        if kind is not None:
            self._kinds.append(kind if kind != "paragraph" else self._paragraph_kind())
        if tag.name in {"ul", "ol"}:
            self.layout.open_list()
        first = len(self.layout)
        self.over(tag)
        self._flush()
        if tag.name in _TILES:
            self._join_tile(first)
        if tag.name in {"ul", "ol"}:
            self.layout.close_list()
        if kind is not None:
            self._kinds.pop()
        self._doubtful -= doubtful

    def _join_tile(self, first: int) -> None:
        """A box with a large figure or capitals and a caption says one thing: "FDA", "Approved & proven effective"."""
        if len(self.layout) - first != 2:
            return
        head, caption = sorted(self.layout.words_from(first), key=lambda words: not _TILE_HEAD.fullmatch(words))
        is_caption = len(caption.split()) <= _TILE_WORDS and not _TILE_HEAD.fullmatch(caption)
        if _TILE_HEAD.fullmatch(head) and is_caption and not caption.endswith((".", "?", "!", ":")):
            self.layout.join_from(first, self._kinds[-1])

    def _paragraph_kind(self) -> str:
        return self._kinds[-1] if self._kinds[-1] in {"list_item", "quote", "table_cell"} else "paragraph"

    def _line_break(self) -> None:
        while self._pieces and self._pieces[-1].isspace():
            self._pieces.pop()
        if _SENTENCE_END.search(self._last_words()):
            self._flush()
        else:
            self._pieces.append(" ")

    def _last_words(self) -> str:
        """The end of what was collected, back to the last piece that is more than closing quotes and brackets."""
        first = len(self._pieces) - 1
        while first > 0 and not self._pieces[first].rstrip().strip(_CLOSERS):
            first -= 1
        return "".join(self._pieces[max(first, 0) :])

    def _flush(self) -> None:
        words = " ".join("".join(self._pieces).split())
        self._pieces.clear()
        aside = self._doubtful and self._main_text is not None and words not in self._main_text
        if words and not aside:
            self.layout.add(words, self._kinds[-1])


def _names(tag: Tag) -> str:
    classes = tag.get("class") or ()
    return f"{' '.join(classes)} {tag.get('id') or ''}".lower()


def _is_furniture(tag: Tag) -> bool:
    if tag.name in _FURNITURE or tag.get("role") in _FURNITURE_ROLES:
        return True
    if tag.has_attr("hidden") or tag.get("aria-hidden") == "true" or _HIDDEN_STYLE.search(str(tag.get("style") or "")):
        return True
    return tag.name == "header" and tag.find(["nav", "button"]) is not None

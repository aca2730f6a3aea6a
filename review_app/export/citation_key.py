"""Citation keys: what a manuscript calls an article by."""

import re
import unicodedata
from itertools import count

from review_app.export import names
from review_app.export.model import ExportedArticle

# Letters that Unicode does not take apart into a letter and a mark.
_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "œ": "oe", "ı": "i", "ħ": "h"}
)
_WORD = re.compile(r"[a-z0-9]+")
_SMALL_WORDS = frozenset(
    "a an and are as at by do does during for from has have how in into is it its of on or than that the their this to "
    "was were what when which who why with within without".split()
)


class CitationKeys:
    """Keys for the articles of one file, in its order: `lindqvist2024single`, then `lindqvist2024singlea`, ...

    ASCII and lower-case, since BibTeX does not tell cases apart. The same articles in the same order have the same
    keys.
    """

    def __init__(self) -> None:
        self._given: set[str] = set()
        self._next: dict[str, int] = {}

    def of(self, article: ExportedArticle) -> str:
        """A key that no article before this one was given."""
        base = _base(article)
        key = base
        for number in count(self._next.get(base, 0)):
            if key not in self._given:
                break
            key, self._next[base] = base + _letters(number), number + 1
        self._given.add(key)
        return key


def _base(article: ExportedArticle) -> str:
    first = article.authors[0] if article.authors else {}
    author = _words(names.part(first, "last") or names.collective(first) or "")
    if first.get("collective"):
        author = [word for word in author if word not in _SMALL_WORDS][:1]
    title = [word for word in _words(article.title) if word not in _SMALL_WORDS and not word.isdigit()][:1]
    base = "".join(author)[:30] + str(article.year or "") + "".join(title)[:30]
    return base if base and base[0].isalpha() else f"article{base or article.pmid or article.id}"


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text).casefold().translate(_LETTERS)
    plain = re.sub("['’]", "", "".join(each for each in plain if not unicodedata.combining(each)))
    return _WORD.findall(plain)


def _letters(number: int) -> str:
    """0 is a, 25 is z, 26 is aa."""
    text = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(ord("a") + rest) + text
    return text

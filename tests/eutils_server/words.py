"""How running text becomes words, for the records and for the queries alike.

- Text is folded: accents dropped (NFKD), lower case, typographic apostrophes made straight.
- A word is a run of letters and digits; an apostrophe between two of them belongs to the word
  ("patient's" is one word, so `patient[tiab]` does not find it).
- Everything else separates, the hyphen too: "S-ketamine" is the two words `s ketamine`.
- A phrase is adjacent words within one text. Title, each abstract section, each section label and each
  keyword are texts of their own; no phrase runs across two of them.
- Inline markup does not separate: `CO<sub>2</sub>` is the word `co2`.
"""

import re
import unicodedata
from collections.abc import Iterable

WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


def fold(text: str) -> str:
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.replace("’", "'").replace("ʼ", "'"))
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign)).casefold()


def words(text: str) -> list[str]:
    return WORD.findall(fold(text))


def plain(text: str) -> str:
    """A name as it is compared: its words, one space between them."""
    return " ".join(words(text))


def searchable(texts: Iterable[str]) -> str:
    """Texts as one line ` a b c | d e `: ` b c ` in it is a phrase search, ` b` a truncated one."""
    return " " + " | ".join(plain(text) for text in texts if text) + " "

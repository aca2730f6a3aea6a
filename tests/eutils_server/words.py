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
from functools import lru_cache

WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")
SEPARATOR_BEYOND_ASCII = re.compile(r"[^\w\x00-\x7f]")
# For str.translate: what separates in ASCII, the apostrophe aside.
SEPARATORS = {code: " " for code in range(128) if not chr(code).isalnum() and chr(code) != "'"}


def fold(text: str) -> str:
    if text.isascii():
        return text.lower()
    return BEYOND_ASCII.sub(folded_run, text).casefold()


def folded_run(run: re.Match[str]) -> str:
    return folded_signs(run[0])


@lru_cache(maxsize=100_000)
def folded_signs(run: str) -> str:
    decomposed = unicodedata.normalize("NFKD", run.replace("’", "'").replace("ʼ", "'"))
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def words(text: str) -> list[str]:
    """What WORD finds in the folded text; most text is ASCII, or nearly, and cut faster than by a pattern."""
    folded = fold(text)
    if not folded.isascii():
        folded = SEPARATOR_BEYOND_ASCII.sub(" ", folded)
        if not folded.isascii():
            return WORD.findall(folded)
    found = folded.translate(SEPARATORS).split()
    if "'" not in folded:
        return found
    return [word for one in found for word in (WORD.findall(one) if "'" in one else (one,))]


def plain(text: str) -> str:
    """A name as it is compared: its words, one space between them."""
    return " ".join(words(text))


@lru_cache(maxsize=100_000)
def plain_name(name: str) -> str:
    """`plain`, remembered: journals, headings and publication types come back in every record."""
    return plain(name)


def searchable(texts: Iterable[str]) -> str:
    """Texts as one line ` a b c | d e `: ` b c ` in it is a phrase search, ` b` a truncated one."""
    return joined(plain(text) for text in texts if text)


def joined(plain_texts: Iterable[str]) -> str:
    return " " + " | ".join(plain_texts) + " "

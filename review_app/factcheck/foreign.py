"""Whether a text is English at all. Nothing is guessed about copy in another language."""

import re
import unicodedata

from review_app.factcheck.folding import folded_text
from review_app.factcheck.model import Flag, SourceText
from review_app.factcheck.topic_data import TopicData

_ENOUGH_WORDS = 20
_ENGLISH_SHARE = 0.12
_LATIN_SHARE = 0.7
_FOREIGN_WORDS = 3


def flags(document: SourceText, data: TopicData) -> tuple[Flag, ...]:
    """One flag over the whole document when it is not English."""
    words = _words(document.text)
    foreign = not _mostly_latin(document.text) and not _in_lookalikes(document.text, data)
    if not foreign and len(words) >= _ENOUGH_WORDS:
        english = sum(word in data.english for word in words)
        other = sum(word in data.not_english for word in words)
        foreign = english / len(words) < _ENGLISH_SHARE and other > english
    if not foreign:
        return ()
    message = "Not English: nothing was checked, because every rule and claim here is in English."
    return (Flag("not_english", "not-english", 0, len(document.text), message),)


def is_foreign(text: str, data: TopicData) -> bool:
    """Whether one sentence is in another language or script."""
    words = _words(text)
    english = sum(word in data.english for word in words)
    other = sum(word in data.not_english and word not in data.english for word in words)
    return not _mostly_latin(text) or (other >= _FOREIGN_WORDS and other > 2 * english)


def _in_lookalikes(text: str, data: TopicData) -> bool:
    """Whether it is English in letters of another alphabet that look like ours, to pass unread."""
    words = _words(folded_text(text))
    return sum(word in data.english for word in words) >= _ENGLISH_SHARE * max(len(words), 1)


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", text.lower())


def _mostly_latin(text: str) -> bool:
    letters = [character for character in text if character.isalpha()]
    if len(letters) < 2:
        return True
    latin = sum(character.isascii() or unicodedata.name(character, "").startswith("LATIN") for character in letters)
    return latin / len(letters) >= _LATIN_SHARE

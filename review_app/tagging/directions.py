"""Which way a result went, for the ketamine arm."""

from functools import cache
import re

from review_app.tagging.passages import Passages, Sentence, data

DATA = "directions.toml"


@cache
def _cue(table: str, key: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{p})" for p in data(DATA)[table][key]))


def _says(key: str, words: str) -> bool:
    return _cue("cues", key).search(words) is not None


def direction_of(domain: str, sentences: tuple[Sentence, ...], passages: Passages, design: str | None) -> str:
    """One of the guide's directions, from the sentences that tell the domain's result and the design."""
    rules = data(DATA)
    words = " ".join(s.text for s in sentences if s.role != "title") or " ".join(s.text for s in sentences)
    if domain in rules["domains"]["association"]:
        return "no_difference" if _says("no_difference", words) and not _says("association", words) else "association"
    asks = _cue("titles", "association").search(passages.sentences[0].text) is not None
    if domain in rules["domains"]["harm"]:
        return _harm(words, design)
    if design in rules["designs"]["single"] or design is None:
        return "association" if asks or _only_associated(sentences) else "not_comparative"
    if design in rules["designs"]["secondary"]:
        return "association" if asks or not _compares(words) else _polarity(words)
    if design in rules["designs"]["told"]:
        return "mixed" if _says("mixed", words) else ("association" if _only_associated(sentences) else "favours_intervention")
    return _polarity(words)


def _harm(words: str, design: str | None) -> str:
    compared = design in data(DATA)["designs"]["compared"]
    if compared and _says("no_difference", words):
        return "no_difference"
    if _says("more_harm", words) and not _says("denied", words):
        return "harm"
    return "not_comparative"


def _only_associated(sentences: tuple[Sentence, ...]) -> bool:
    told = [s for s in sentences if s.role != "title"]
    return bool(told) and all(_says("association", s.text) for s in told)


def _compares(words: str) -> bool:
    return re.search(r"\b(?:than|compared (?:with|to)|versus|vs)\b", words) is not None and not _says("association", words)


def _polarity(words: str) -> str:
    if _says("worse", words):
        return "favours_comparator"
    if _says("mixed", words):
        return "mixed"
    if _says("no_difference", words):
        return "no_difference"
    return "favours_intervention"

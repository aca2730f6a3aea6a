"""What a report says about each sentence, gathered once so that every report says the same."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from review_app.factcheck import linked, marks
from review_app.factcheck.model import Check, CheckedSentence, ClaimMatch, Evidence, Flag
from review_app.factcheck.rule_words import rule_words
from review_app.factcheck.topic_data import TopicData
from review_app.factcheck.verdicts import missing_qualifiers


@dataclass(frozen=True, slots=True)
class About:
    """What a report says beside the check: what the document is called, whose rules were applied (a profile), what
    study designs are called, by id, and how a reference list names a study, by the article's id."""

    title: str = ""
    profile: str = ""
    designs: Mapping[str, str] = field(default_factory=dict)
    citations: Mapping[int, str] = field(default_factory=dict)

    def heading(self, check: Check) -> str:
        return self.title or check.document.title or check.source


UNNAMED: Final = About()


@dataclass(frozen=True, slots=True)
class Cited:
    """A piece of evidence with its number in the reference list."""

    number: int
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Dossier:
    """One checkable sentence: `lines` are (what, words) pairs in the order to show them.

    `cited` is the evidence that takes a side or that the claim links, what contradicts first; `beside` was found by
    search and decides nothing.
    """

    checked: CheckedSentence
    lines: tuple[tuple[str, str], ...]
    cited: tuple[Cited, ...]
    beside: tuple[Cited, ...]
    not_held: tuple[str, ...]


def dossiers(check: Check, data: TopicData) -> tuple[Dossier, ...]:
    """The dossiers of the checkable sentences; references are numbered in order of appearance."""
    numbers: dict[tuple[str, int, str], int] = {}
    messages = data.rule_messages()
    return tuple(_dossier(checked, numbers, messages) for checked in check.sentences if checked.checkable)


def references(found: Iterable[Dossier]) -> tuple[Cited, ...]:
    """Each piece of evidence once, by number."""
    once = {cited.number: cited for dossier in found for cited in (*dossier.cited, *dossier.beside)}
    return tuple(once[number] for number in sorted(once))


def checked_line(check: Check, about: About) -> str:
    """When the check was made, against which library and by whose rules."""
    rules = f" by {about.profile} rules" if about.profile else ""
    return f"Checked {check.checked_at:%Y-%m-%d %H:%M} UTC{rules} against {library_line(check)}."


def library_line(check: Check) -> str:
    run = check.library.last_complete_run
    when = f"last complete update {run:%Y-%m-%d %H:%M} UTC" if run is not None else "never completely updated"
    held = f"{check.library.articles:,} articles, {len(check.library.claims):,} claims, {when}"
    if check.library.as_of is not None:
        held = f"the library as it stood on {check.library.as_of}: {held}"
    return f"{held}. {' '.join(check.library.limits)}".rstrip(". ")


def counts(check: Check) -> dict[str, int]:
    """How many sentences have each verdict, every verdict named."""
    found = dict.fromkeys(marks.VERDICT_WORDS, 0)
    for checked in check.sentences:
        if checked.verdict is not None:
            found[checked.verdict] += 1
    return {str(verdict): count for verdict, count in found.items()}


def reference_line(evidence: Evidence, about: About) -> str:
    """A reference as one line: what it is, where, of what design and in what state."""
    details = [_design(evidence.study_design, about), _number_of(evidence)]
    details += [f"PMID {evidence.pmid}" if evidence.pmid is not None else "", _integrity(evidence)]
    return f"{_named(evidence)} ({'; '.join(detail for detail in details if detail) or evidence.kind})"


def listed_line(evidence: Evidence, about: About) -> str:
    """A reference as the numbered list has it: a study in Vancouver style, where its citation is known."""
    citation = about.citations.get(evidence.id) if evidence.kind == "study" else None
    if citation is None:
        return reference_line(evidence, about)
    details = filter(None, (_design(evidence.study_design, about), _number_of(evidence)))
    said = "; ".join(details)
    return f"{citation} ({said})" if said else citation


def balance_lines(check: Check, data: TopicData) -> Iterator[str]:
    """Each thing that copy about these products should say, and where it does."""
    texts = {concept.id: concept.text for concept in data.balance}
    for item in check.balance:
        where = f"sentence {item.sentence + 1}" if item.sentence is not None else "not said"
        yield f"{'✓' if item.present else '✕'} {texts.get(item.concept, item.concept)}: {where}"


def evidence_line(evidence: Evidence) -> str:
    """What a piece of evidence says of the sentence, who says so, and its words or, where none are kept, its title."""
    said = f"{evidence.reference}: “{evidence.quote}”" if evidence.quote else _named(evidence)
    state = f" {_integrity(evidence)}" if _integrity(evidence) else ""
    note = f" {noted(evidence)}" if evidence.note else ""
    return f"{marks.STANCE_WORDS[evidence.stance]} ({marks.origin(evidence)}):{state} {said}{note}"


def noted(evidence: Evidence) -> str:
    """What the claims library notes of it, said to be the library's words; empty where it notes nothing."""
    return f"Noted in the claims library: {evidence.note}" if evidence.note else ""


def _design(design: str | None, about: About) -> str:
    """A study design as the vocabulary calls it."""
    words = design or ""
    return about.designs.get(words) or words.replace("_", " ")


def _number_of(evidence: Evidence) -> str:
    return f"N = {evidence.sample_size:,}" if evidence.sample_size else ""


def _named(evidence: Evidence) -> str:
    # Without an author the reference begins with the title's first words, which need not be said twice.
    words, _, place = evidence.reference.partition("”")
    if words.startswith("“"):
        return f"{evidence.title.rstrip('.')}. {place.lstrip(', ')}"
    return f"{evidence.reference}. {evidence.title}"


def _integrity(evidence: Evidence) -> str:
    return evidence.integrity.replace("_", " ").upper() if evidence.integrity != "none_known" else ""


def _dossier(checked: CheckedSentence, numbers: dict[tuple[str, int, str], int], messages: dict[str, str]) -> Dossier:
    lines: list[tuple[str, str]] = [("Rests on", marks.BASIS_WORDS[checked.basis])]
    if checked.standing != "current":
        lines.append(("Standing", marks.STANDING_WORDS[checked.standing]))
    lines += [("Why", rule_words(rule, messages)) for rule in checked.rules]
    if checked.match is not None:
        lines += _claim_lines(checked, checked.match)
    for flag in checked.flags:
        advice = f" {flag.suggestion}" if flag.suggestion else ""
        lines.append((flag.flag.replace("_", " "), f"{_flagged_words(flag, checked)}{flag.message}{advice}"))
    found = sorted(checked.evidence, key=lambda one: one.stance != "contradicts")
    cited = tuple(Cited(_number(one, numbers), one) for one in found if bears(one))
    beside = tuple(Cited(_number(one, numbers), one) for one in found if not bears(one))
    return Dossier(checked, tuple(lines), cited, beside, _not_held(checked.match))


def bears(evidence: Evidence) -> bool:
    """Whether it takes a side or the claim links it."""
    return evidence.linked or evidence.stance != "related"


def _flagged_words(flag: Flag, checked: CheckedSentence) -> str:
    sentence = checked.sentence
    words = " ".join(sentence.text[flag.start - sentence.start : flag.end - sentence.start].split())
    return f"“{words}”. " if words and words != " ".join(sentence.text.split()) else ""


def _claim_lines(checked: CheckedSentence, match: ClaimMatch) -> list[tuple[str, str]]:
    alike = "" if match.match == "exact" else f", {match.score:.0%} alike"
    lines = [("Claim", f"{match.claim.statement} (said {marks.MATCH_WORDS[match.match]}{alike})")]
    if match.matched_text not in {match.claim.statement, checked.sentence.text}:
        lines.append(("Closest wording on it", match.matched_text))
    if match.match != "exact" and match.differing:
        lines.append(("Differing words", ", ".join(match.differing)))
    missing = missing_qualifiers(match.claim, checked.sentence.text)
    must = "The claim carries too, not said here" if checked.verdict == "supported" else "Must be said"
    lines += [(must, qualifier.text) for qualifier in missing]
    if checked.verdict not in {"supported", None}:
        lines.append(_holds(match))
    return lines


def _holds(match: ClaimMatch) -> tuple[str, str]:
    """A wording to put in place; none of a claim that people judged as less than supported."""
    judged = match.claim.reviewed_verdict
    if judged is not None and judged.verdict != "supported":
        return "No wording is offered", f"people judged the claim itself as {marks.VERDICT_WORDS[judged.verdict]}"
    return "A wording that holds", (match.wording and match.wording.rewording) or match.claim.statement


def _not_held(match: ClaimMatch | None) -> tuple[str, ...]:
    """Key studies of the claim that the library does not hold."""
    if match is None:
        return ()
    return tuple(
        f"key study not in this library: PMID {one.pmid}"
        if one.pmid is not None
        else f"not in this library: {one.title}"
        for one in linked.not_held(match)
    )


def _number(evidence: Evidence, numbers: dict[tuple[str, int, str], int]) -> int:
    # Two sections of one label are two references.
    return numbers.setdefault((evidence.kind, evidence.id, evidence.reference), len(numbers) + 1)

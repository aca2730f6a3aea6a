"""The claims library as TOML: read, validated, written back, and turned into the claims a check works with."""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, cast, get_args

from review_app.factcheck.model import Claim, ClaimEvidence, EvidenceKind, Qualifier, Stance, Verdict, Wording

FORMAT = 1
CERTAINTIES = ("high", "moderate", "low", "very_low", "not_applicable")
_STANCES = get_args(Stance)
_KINDS = get_args(EvidenceKind)
_WORDING_VERDICTS = ("supported", "needs_qualification")
_TOO_FAR_VERDICTS = ("overstated", "contradicted", "insufficient_evidence")


class BadClaimsFile(ValueError):
    """A claims file that cannot be used; the message names the claim and the problem."""


@dataclass(frozen=True, slots=True)
class ShippedEvidence:
    """A study by PMID, a section of a label by set id and version, or a regulatory notice by its key."""

    kind: EvidenceKind
    stance: Stance
    note: str
    pmid: int | None = None
    set_id: str | None = None
    version: int | None = None
    effective: date | None = None
    section: str | None = None
    notice: str | None = None

    @property
    def key(self) -> str:
        """How a wording's `against` names it where it has no PMID."""
        return self.notice or self.section or ""


@dataclass(frozen=True, slots=True)
class ShippedClaim:
    id: str
    topics: tuple[str, ...]
    type: str
    kind: str
    risk: str
    statement: str
    search_query: str
    certainty: str
    source: str
    certainty_note: str | None
    qualifiers: tuple[Qualifier, ...]
    wordings: tuple[Wording, ...]
    overstatements: tuple[Wording, ...]
    evidence: tuple[ShippedEvidence, ...]


def load_claims(text: str) -> tuple[ShippedClaim, ...]:
    """The claims of a TOML file, in order. Raises `BadClaimsFile`."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise BadClaimsFile(f"not TOML: {problem}") from None
    if data.get("format") != FORMAT:
        raise BadClaimsFile(f"format is {data.get('format')!r}; this version reads format {FORMAT}")
    entries = data.get("claim", [])
    if not isinstance(entries, list):
        raise BadClaimsFile("claim: needs to be a list of [[claim]] tables")
    claims = tuple(_claim(entry) for entry in entries)
    seen: set[str] = set()
    for claim in claims:
        if claim.id in seen:
            raise BadClaimsFile(f"claim {claim.id}: the id occurs twice")
        seen.add(claim.id)
    return claims


def _claim(entry: Mapping[str, Any]) -> ShippedClaim:
    identifier = entry.get("id")
    if not isinstance(identifier, str) or not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", identifier):
        raise BadClaimsFile(f"claim {identifier!r}: an id is words and figures in lower case, joined by hyphens")
    reader = _Reader(identifier, entry)
    note = entry.get("certainty_note")
    evidence = tuple(_evidence(one) for one in reader.tables("evidence"))
    return ShippedClaim(
        id=identifier,
        topics=reader.texts("topics"),
        type=reader.text("type"),
        kind=reader.text("kind"),
        risk=reader.one_of("risk", ("routine", "high")),
        statement=reader.text("statement"),
        search_query=reader.text("search_query"),
        certainty=reader.one_of("certainty", CERTAINTIES),
        source=reader.text("source"),
        certainty_note=note if isinstance(note, str) else None,
        qualifiers=tuple(Qualifier(one.text("text"), one.texts("cues")) for one in reader.tables("qualifier")),
        wordings=tuple(_wording(one, _WORDING_VERDICTS) for one in reader.tables("wording")),
        overstatements=tuple(_too_far(one, evidence) for one in reader.tables("goes_too_far")),
        evidence=evidence,
    )


class _Reader:
    """Reads one table of a claim; every complaint names the claim."""

    def __init__(self, claim: str, entry: Mapping[str, Any]) -> None:
        self.claim = claim
        self.entry = entry

    def text(self, key: str) -> str:
        value = self.entry.get(key)
        if not isinstance(value, str) or not value.strip():
            raise BadClaimsFile(f"claim {self.claim}: needs {key} as text")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.entry.get(key)
        if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
            raise BadClaimsFile(f"claim {self.claim}: needs {key} as a list of texts")
        return tuple(value)

    def one_of(self, key: str, allowed: tuple[str, ...]) -> str:
        value = self.text(key)
        if value not in allowed:
            raise BadClaimsFile(f"claim {self.claim}: {key} is {value!r}; allowed are {', '.join(allowed)}")
        return value

    def tables(self, key: str) -> tuple["_Reader", ...]:
        value = self.entry.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise BadClaimsFile(f"claim {self.claim}: needs {key} as a list of tables")
        return tuple(_Reader(self.claim, one) for one in value)


def _wording(reader: _Reader, allowed: tuple[str, ...]) -> Wording:
    rewording = reader.entry.get("rewording")
    verdict = cast("Verdict", reader.one_of("verdict", allowed))
    return Wording(reader.text("text"), verdict, rewording if isinstance(rewording, str) else None)


def _too_far(reader: _Reader, evidence: Iterable[ShippedEvidence]) -> Wording:
    wording = _wording(reader, _TOO_FAR_VERDICTS)
    against = reader.entry.get("against")
    if against is None:
        return wording
    named = {one.pmid or one.key for one in evidence}
    if not isinstance(against, list) or not all(isinstance(one, int | str) and one in named for one in against):
        raise BadClaimsFile(
            f"claim {reader.claim}: against is {against!r}; it lists PMIDs, notices or sections of the claim's evidence"
        )
    return replace(wording, against=tuple(against))


def _evidence(reader: _Reader) -> ShippedEvidence:
    kind = cast("EvidenceKind", reader.one_of("kind", _KINDS))
    entry = reader.entry
    needed = {"study": ("pmid", int), "label": ("set_id", str), "notice": ("notice", str)}[kind]
    if not isinstance(entry.get(needed[0]), needed[1]):
        raise BadClaimsFile(f"claim {reader.claim}: evidence of kind {kind} needs {needed[0]}")
    effective = entry.get("effective")
    return ShippedEvidence(
        kind=kind,
        stance=cast("Stance", reader.one_of("stance", _STANCES)),
        note=reader.text("note"),
        pmid=entry.get("pmid"),
        set_id=entry.get("set_id"),
        version=entry.get("version"),
        effective=effective if isinstance(effective, date) else None,
        section=entry.get("section"),
        notice=entry.get("notice"),
    )


def to_claim(shipped: ShippedClaim) -> Claim:
    """A shipped claim as a check uses it, before its evidence is found in a library (every evidence id is None)."""
    return Claim(
        id=shipped.id,
        statement=shipped.statement,
        topics=shipped.topics,
        wordings=shipped.wordings,
        qualifiers=shipped.qualifiers,
        overstatements=shipped.overstatements,
        search_query=shipped.search_query,
        certainty=shipped.certainty,
        evidence=tuple(_claim_evidence(one) for one in shipped.evidence),
    )


def _claim_evidence(evidence: ShippedEvidence) -> ClaimEvidence:
    if evidence.kind == "label":
        reference = f"label {evidence.set_id} version {evidence.version}: {evidence.section or 'whole'}"
    else:
        reference = evidence.notice or f"PMID {evidence.pmid}"
    return ClaimEvidence(
        evidence.kind, evidence.stance, None, evidence.pmid, reference, evidence.note, key=evidence.key
    )


def dump_claims(claims: Iterable[ShippedClaim], *, topic: str, version: str, source: str) -> str:
    """The claims as TOML that `load_claims` reads back to equal claims."""
    head = [f"format = {FORMAT}", _pair("topic", topic), _pair("version", version), _pair("source", source)]
    return "\n".join([*head, *(line for claim in claims for line in _claim_lines(claim))]) + "\n"


def _claim_lines(claim: ShippedClaim) -> Iterable[str]:
    yield from ("", "[[claim]]", _pair("id", claim.id), _pair("topics", list(claim.topics)))
    for key in ("type", "kind", "risk", "statement", "search_query", "certainty", "certainty_note", "source"):
        value = getattr(claim, key)
        if value is not None:
            yield _pair(key, value)
    yield from _table_lines("qualifier", ({"text": one.text, "cues": list(one.cues)} for one in claim.qualifiers))
    for key, wordings in (("wording", claim.wordings), ("goes_too_far", claim.overstatements)):
        yield from _table_lines(key, (_wording_table(one) for one in wordings))
    keys = ("kind", "pmid", "set_id", "version", "effective", "section", "notice", "stance", "note")
    yield from _table_lines("evidence", ({key: getattr(one, key) for key in keys} for one in claim.evidence))


def _wording_table(wording: Wording) -> Mapping[str, Any]:
    return {key: getattr(wording, key) for key in ("text", "verdict", "rewording", "against")}


def _table_lines(name: str, tables: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    for table in tables:
        yield f"[[claim.{name}]]"
        yield from (_pair(key, value) for key, value in table.items() if value is not None)


def _pair(key: str, value: str | int | date | Sequence[str | int]) -> str:
    return f"{key} = {_toml(value)}"


def _toml(value: str | int | date | Sequence[str | int]) -> str:
    if isinstance(value, str):
        return '"' + "".join(_escaped(character) for character in value) + '"'
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int):
        return str(value)
    return f"[{', '.join(_toml(one) for one in value)}]"


def _escaped(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    return character if character >= " " and character != "\x7f" else f"\\u{ord(character):04x}"

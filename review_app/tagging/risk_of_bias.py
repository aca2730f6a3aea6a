"""Tools for the risk of bias of a study: their domains, and the overall judgement that follows by their rule."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from review_app.tagging.passages import data

OVERALL = "overall"


@dataclass(frozen=True, slots=True)
class Term:
    """A domain or a judgement; `asks` is what a domain looks at."""

    id: str
    label: str
    asks: str = ""


@dataclass(frozen=True, slots=True)
class Tool:
    """`judgements` from the best to the worst; `overall` are those of the whole study, where they are others."""

    id: str
    name: str
    edition: str
    used_for: str
    designs: tuple[str, ...]
    rule: str
    explained: str
    source: str
    judgements: tuple[Term, ...]
    domains: tuple[Term, ...]
    overall: tuple[Term, ...]
    flaw: str = ""
    critical: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Overall:
    """What follows by the rule, and the labels of the domains that decided it."""

    judgement: str
    because: tuple[str, ...]


@cache
def tools() -> dict[str, Tool]:
    return {row["id"]: _tool(row) for row in data("risk_of_bias.toml")["tool"]}


def tool_for(design: str | None) -> str | None:
    """The tool that fits a study design; None where none was made for it."""
    return next((each.id for each in tools().values() if design in each.designs), None)


def overall(tool: Tool, judged: Mapping[str, str]) -> Overall | None:
    """The overall judgement by the tool's rule; None until every domain is judged."""
    if any(domain.id not in judged for domain in tool.domains):
        return None
    return _flaws(tool, judged) if tool.rule == "flaws" else _worst(tool, judged)


def by_the_rule(tool: Tool, found: Overall) -> str:
    """The reason for an overall judgement that nobody made by hand."""
    because = f": {', '.join(found.because)}" if found.because else ""
    return f"By the rule of {tool.name}{because}"


def _worst(tool: Tool, judged: Mapping[str, str]) -> Overall:
    order = [each.id for each in tool.judgements]
    worst = max((judged[domain.id] for domain in tool.domains), key=order.index)
    return Overall(worst, tuple(domain.label for domain in tool.domains if judged[domain.id] == worst))


def _flaws(tool: Tool, judged: Mapping[str, str]) -> Overall:
    """AMSTAR 2: critical flaws decide; without any, more than one other weakness does."""
    flaws = [domain for domain in tool.domains if judged[domain.id] == tool.flaw]
    critical = [domain for domain in flaws if domain.id in tool.critical]
    high, moderate, low, critically_low = (each.id for each in tool.overall)
    if critical:
        return Overall(low if len(critical) == 1 else critically_low, tuple(each.label for each in critical))
    return Overall(high if len(flaws) <= 1 else moderate, tuple(each.label for each in flaws))


def _tool(row: Mapping[str, Any]) -> Tool:
    judgements, domains = _terms(row["judgements"]), _terms(row["domain"])
    return Tool(
        id=row["id"],
        name=row["name"],
        edition=row["edition"],
        used_for=row["for"],
        designs=tuple(row["designs"]),
        rule=row["rule"],
        explained=row["explained"],
        source=row["source"],
        judgements=judgements,
        domains=domains,
        overall=_terms(row["overall"]) if "overall" in row else judgements,
        flaw=row.get("flaw", ""),
        critical=frozenset(row.get("critical", ())),
    )


def _terms(rows: list[dict[str, str]]) -> tuple[Term, ...]:
    return tuple(Term(**row) for row in rows)

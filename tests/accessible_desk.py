"""What axe-core finds on a page of the desk, ours and Streamlit's own apart."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

GRAVE = {"serious", "critical"}
# What Streamlit draws itself and no page of ours can change; a finding that goes away should leave this list.
STREAMLITS = {
    "list": "st.navigation puts its headings among the items of its list",
    "listitem": "st.navigation wraps the items of its list",
}
# Streamlit fades colours in; they are read when they have arrived.
AT_REST = """
  const still = new CSSStyleSheet();
  still.replaceSync("* { transition: none !important; animation: none !important; }");
  document.adoptedStyleSheets = [still];
"""
_RUN = "axe.run(document, {resultTypes: ['violations'], preload: false})"


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that a part of the page breaks; `is_ours` where we wrote the part."""

    rule: str
    part: str
    why: str
    is_ours: bool


@cache
def _axe() -> str:
    return (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")


def grave_of_ours(page: Page) -> list[Finding]:
    """All that is serious or critical, without what Streamlit's own parts break."""
    page.evaluate(f"window.axe || (() => {{ {_axe()} }})()")
    found: dict[str, Any] = page.evaluate(_RUN)
    grave = [
        Finding(each["id"], node["html"][:200], node["failureSummary"], _is_ours(page, node))
        for each in found["violations"]
        if each["impact"] in GRAVE
        for node in each["nodes"]
    ]
    return [each for each in grave if each.is_ours or each.rule not in STREAMLITS]


def _is_ours(page: Page, node: dict[str, Any]) -> bool:
    """Whether it stands in our own markup or component, not in a widget of Streamlit's."""
    selector = node["target"][-1]
    if not isinstance(selector, str):  # inside a shadow root: only our component has one
        return True
    inside = "(s) => !!document.querySelector(s)?.closest('[data-testid=stHtml], [data-testid=stBidiComponentRegular]')"
    return bool(page.evaluate(inside, selector))

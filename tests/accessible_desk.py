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


# What is filled in or switched, and the contrast of its edge, or of its fill where it has none, with the page.
_EDGES = """() => {
  const luminance = (colour) => {
    const part = (value) => (value / 255 <= 0.04045 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4);
    const [r, g, b] = colour.match(/[\\d.]+/g).map(Number).map(part);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const framed = (node) => {
    while (parseFloat(getComputedStyle(node).borderTopWidth) === 0) node = node.parentElement;
    return node;
  };
  const drawn = (input) => {
    const label = input.closest("[data-testid=stRadioOption], [data-testid=stCheckbox] label");
    if (!label) return framed(input);
    return label.matches("[data-testid=stRadioOption]") ? label.querySelector("div > div") : label.querySelector("div");
  };
  const app = document.querySelector("[data-testid=stApp]") ?? document.body;
  const paper = luminance(getComputedStyle(app).backgroundColor);
  return [...document.querySelectorAll(":is(input:not([type=hidden]), textarea):enabled")].map((input) => {
    const style = getComputedStyle(drawn(input));
    const edge = luminance(parseFloat(style.borderTopWidth) ? style.borderTopColor : style.backgroundColor);
    const contrast = (Math.max(edge, paper) + 0.05) / (Math.min(edge, paper) + 0.05);
    return { what: `${input.type}: ${input.ariaLabel ?? input.placeholder}`, contrast };
  });
}"""


# Headings that leave a level out on the way down, such as an h3 after an h1; the first is the title of the page.
_SKIPPED = """() => {
  const shown = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].filter((each) => each.checkVisibility());
  const level = (heading) => (heading ? Number(heading.tagName[1]) : 0);
  return shown.filter((each, at) => level(each) > level(shown[at - 1]) + 1).map((each) => each.outerHTML.slice(0, 120));
}"""


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


def faint_edges(page: Page) -> list[str]:
    """Fields, boxes and switches whose edge has less contrast with the page than WCAG 2.2 asks for (1.4.11: 3)."""
    return [each["what"] for each in page.evaluate(_EDGES) if each["contrast"] < 3]


def _is_ours(page: Page, node: dict[str, Any]) -> bool:
    """Whether it stands in our own markup or component, not in a widget of Streamlit's."""
    selector = node["target"][-1]
    if not isinstance(selector, str):  # inside a shadow root: only our component has one
        return True
    inside = "(s) => !!document.querySelector(s)?.closest('[data-testid=stHtml], [data-testid=stBidiComponentRegular]')"
    return bool(page.evaluate(inside, selector))


def skipped_levels(page: Page) -> list[str]:
    """Headings further down than one level below the one before (axe's `heading-order`, which it calls moderate)."""
    found: list[str] = page.evaluate(_SKIPPED)
    return found

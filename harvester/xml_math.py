"""A formula in presentation MathML (W3C MathML 3, chapter 3) as one line of text that cannot be read as another one.

A fraction is `a/b`, a power `a^b`, an index `a_b`, a root `√(a)`; what has more than one part stands in parentheses.
Characters alone would make ½ "12" and 10³ "103".
"""

import re
from collections.abc import Callable, Iterable
from typing import Any

_ROWS = frozenset({"math", "mrow", "mstyle", "mpadded", "merror", "menclose", "mtd", "semantics"})
_WORDS = frozenset({"mi", "mn", "mtext", "ms", "cn", "ci"})
# A phantom is never seen; an annotation says the same again in another notation.
_UNSEEN = frozenset({"mphantom", "annotation", "annotation-xml", "malignmark", "maligngroup", "none", "mprescripts"})
# Operators without a sign (MathML 3, 3.2.5.5), and what stands for them where two numbers or words would run together.
_INVISIBLE = {"\u2061": " ", "\u2062": "·", "\u2063": ",", "\u2064": " "}
_SPACES = re.compile(r"[ \t\r\n]+")
_ATOM = re.compile(r"[^\W_]+(?:[.,][^\W_]+)*|\([^()]*\)|.", re.DOTALL)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*", re.ASCII)
_SIMPLE_FRACTION = re.compile(r"\d+/\d+", re.ASCII)
_QUOTE = '"'
_SCRIPTED = frozenset({"msub", "msup", "msubsup", "munder", "mover", "munderover", "mmultiscripts", "mroot"})
_MARKS = re.compile(r"[^\w\s+\-−±<>=]+")


def formula_text(formula: Any) -> str:
    """The text of a `math` element, without its tail."""
    return _SPACES.sub(" ", _row(formula)).strip(" ")


def _name(element: Any) -> str:
    tag: str = element.tag if isinstance(element.tag, str) else ""
    return tag.rpartition("}")[2]


def _text(element: Any) -> str:
    name = _name(element)
    if name in _UNSEEN or not name:
        return ""
    special = _SPECIAL.get(name)
    if special is not None:
        return special(element)
    return _row(element)


def _inner(element: Any) -> Any:
    """The one thing in rows around it."""
    while _name(element) in _ROWS and len(element) == 1 and not (element.text or "").strip():
        element = element[0]
    return element


def _row(element: Any) -> str:
    children = [child for child in element if _name(child) not in _UNSEEN]
    line, gap = _SPACES.sub(" ", element.text or "").strip(" "), ""
    for place, child in enumerate(children):
        text = _text(child)
        if text in _INVISIBLE:
            gap = gap or _INVISIBLE[text]
            continue
        if _name(_inner(child)) == "mfrac":
            before, after = (children[place - 1] if place else None), (children[place + 1 :] or [None])[0]
            text = _beside(text, before, after)
        line += _between(line, gap, text) + text + _SPACES.sub(" ", child.tail or "").strip(" ")
        # x^2 y is not x^(2y).
        gap = " " if _name(_inner(child)) in _SCRIPTED else ""
    return line


def _between(line: str, gap: str, text: str) -> str:
    """What keeps two things apart whose operator is not seen."""
    if not line or not gap or not text or not (line[-1].isalnum() and text[0].isalnum()):
        return ""
    return gap if gap == " " or (line[-1].isdigit() and text[0].isdigit()) else ""


def _beside(fraction: str, before: Any, after: Any) -> str:
    """A fraction in a row: `2 1/2` after a whole number, in parentheses beside anything else but an operator."""
    if _is_apart(before) and _is_apart(after):
        return fraction
    follows_number = before is not None and _name(_inner(before)) == "mn"
    if follows_number and _is_apart(after) and _SIMPLE_FRACTION.fullmatch(fraction):
        return f" {fraction}"
    return f"({fraction})"


def _is_apart(neighbour: Any) -> bool:
    if neighbour is None:
        return True
    text = _text(neighbour)
    return _name(neighbour) == "mo" and text not in _INVISIBLE and text not in ("/", "÷", "∕")


def _grouped(text: str) -> str:
    return text if _ATOM.fullmatch(text) else f"({text})"


def _token(element: Any) -> str:
    text = "".join(element.itertext()) + "".join(child.get("alt", "") for child in element)
    return _SPACES.sub(" ", text).strip(" ")


def _words(element: Any) -> str:
    return _SPACES.sub(" ", "".join(element.itertext()))


def _quoted(element: Any) -> str:
    return f"{element.get('lquote', _QUOTE)}{_words(element)}{element.get('rquote', _QUOTE)}"


def _term(element: Any) -> str:
    """One side of a fraction."""
    text = _text(element)
    single = _NUMBER.fullmatch(text) or len(text) == 1 or _name(_inner(element)) in _WORDS
    return text if single and _ATOM.fullmatch(text) else _grouped_always(text)


def _grouped_always(text: str) -> str:
    return text if re.fullmatch(r"\([^()]*\)", text) else f"({text})"


def _fraction(element: Any) -> str:
    if len(element) != 2:
        return _row(element)
    if re.match(r"0(?:\D|$)", element.get("linethickness", "")):
        return f"({_text(element[0])}; {_text(element[1])})"
    return f"{_term(element[0])}/{_term(element[1])}"


def _scripted(base: str, lower: str, upper: str) -> str:
    if (lower or upper) and base:
        base = _grouped(base)
    line = base + (f"_{_grouped(lower)}" if lower else "")
    if not upper:
        return line
    # A prime, a star, a bar are signs of their own and not powers.
    return line + (upper if _MARKS.fullmatch(upper) else f"^{_grouped(upper)}")


def _scripts(lower: int, upper: int) -> Callable[[Any], str]:
    """`lower` and `upper` are the places of the two scripts among the children; 0 when there is none."""

    def text(element: Any) -> str:
        if len(element) != max(lower, upper) + 1:
            return _row(element)
        parts = [_text(child).strip(" ") for child in element]
        return _scripted(parts[0], parts[lower] if lower else "", parts[upper] if upper else "")

    return text


def _multiscripts(element: Any) -> str:
    before: list[str] = []
    after: list[str] = []
    scripts = after
    for child in element[1:]:
        if _name(child) == "mprescripts":
            scripts = before
        else:
            scripts.append(_text(child).strip(" "))
    line = "".join(_scripted("", *pair) for pair in _pairs(before)) + (_text(element[0]) if len(element) else "")
    for lower, upper in _pairs(after):
        line = _scripted(line, lower, upper) if not before else line + _scripted("", lower, upper)
    return line


def _pairs(scripts: list[str]) -> Iterable[tuple[str, str]]:
    return zip(scripts[::2], [*scripts[1::2], ""], strict=False)


def _root(element: Any) -> str:
    if len(element) != 2:
        return f"√({_row(element)})"
    return f"{_grouped(_text(element[0]))}^(1/{_term(element[1])})"


def _fenced(element: Any) -> str:
    separators = "".join(element.get("separators", ",").split())
    parts = [_text(child) for child in element]
    line = parts[0] if parts else ""
    for place, part in enumerate(parts[1:]):
        line += (separators[min(place, len(separators) - 1)] if separators else "") + part
    return f"{element.get('open', '(')}{line}{element.get('close', ')')}"


def _joined(separator: str) -> Callable[[Any], str]:
    return lambda element: separator.join(_text(child) for child in element)


_SPECIAL: dict[str, Callable[[Any], str]] = {
    **dict.fromkeys(("mi", "mn", "mo", "cn", "ci"), _token),
    "mtext": _words,
    "ms": _quoted,
    "mspace": lambda element: " ",
    "mfrac": _fraction,
    "msub": _scripts(1, 0),
    "msup": _scripts(0, 1),
    "msubsup": _scripts(1, 2),
    "munder": _scripts(1, 0),
    "mover": _scripts(0, 1),
    "munderover": _scripts(1, 2),
    "mmultiscripts": _multiscripts,
    "msqrt": lambda element: f"√({_row(element)})",
    "mroot": _root,
    "mfenced": _fenced,
    "maction": lambda element: _text(element[0]) if len(element) else "",
    "mtable": _joined("; "),
    "mtr": _joined(", "),
    "mlabeledtr": _joined(", "),
    "matrix": _joined("; "),
    "matrixrow": _joined(", "),
}

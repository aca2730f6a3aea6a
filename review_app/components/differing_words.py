"""Two texts with the words marked that only one of them has."""

from html import escape

from db.differing import Marked, differing


def differing_words(one: str, two: str) -> tuple[str, str]:
    """Both as markup, everything escaped; letters in another case and white space do not differ."""
    left, right = differing(one, two)
    return _markup(left), _markup(right)


def _markup(text: Marked) -> str:
    return "".join(_marked(run, differs=differs) for run, differs in text)


def _marked(run: str, *, differs: bool) -> str:
    return f'<mark class="fn-differs">{escape(run)}</mark>' if differs and run.strip() else escape(run)

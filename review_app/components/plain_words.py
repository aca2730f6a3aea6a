"""Words as they are read: those of people and studies inside Markdown, identifiers, and what was counted."""

_MEANT = "\\`*_{}[]()#+-.!|<>~$:&"


def plain_words(text: str) -> str:
    """The text so that Streamlit's Markdown shows it as it stands, on one line."""
    return "".join("\\" + character if character in _MEANT else character for character in " ".join(text.split()))


def words(identifier: str) -> str:
    """An identifier of the vocabulary as it is read: `other_condition` as `other condition`."""
    return identifier.replace("_", " ")


def in_sentence(label: str) -> str:
    """A label as it stands inside a sentence: `Wrong design` as `wrong design`, `RCT` and `McGill` as they are."""
    first = label.split(" ", 1)[0]
    return label[:1].lower() + label[1:] if first[1:] == first[1:].lower() and len(first) > 1 else label


def noun(number: int, one: str, many: str = "") -> str:
    """What so many are called: `many` where more than one does not only take an s."""
    return one if number == 1 else many or f"{one}s"


def counted(number: int, one: str, many: str = "") -> str:
    """Such as `1 record` and `2,345 records`."""
    return f"{number:,} {noun(number, one, many)}"

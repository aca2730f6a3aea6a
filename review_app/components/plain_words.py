"""Words of people and studies inside Markdown: nothing in them is markup."""

_MEANT = "\\`*_{}[]()#+-.!|<>~$:&"


def plain_words(text: str) -> str:
    """The text so that Streamlit's Markdown shows it as it stands, on one line."""
    return "".join("\\" + character if character in _MEANT else character for character in " ".join(text.split()))


def words(identifier: str) -> str:
    """An identifier of the vocabulary as it is read: `other_condition` as `other condition`."""
    return identifier.replace("_", " ")

"""Text as the line-based formats can hold it: one line, whatever ends a line in some reader."""

import json
import re
from typing import Any

# Everything that str.splitlines, an editor or a spreadsheet takes for the end of a line.
_LINE_ENDS = re.compile("[\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029]+")


def one_line(text: str) -> str:
    """The text with each run of line ends as one space; other characters, NBSP among them, as they are."""
    return _LINE_ENDS.sub(" ", text).strip()


def json_line(value: Any) -> str:
    """JSON in UTF-8 without anything that a reader could take for the end of a line."""
    text = json.dumps(value, ensure_ascii=False)
    return _LINE_ENDS.sub(lambda found: "".join(f"\\u{ord(sign):04x}" for sign in found[0]), text)

"""The queue as a test drives it without a browser: what the pane is given to draw, and the acts that it would tell."""

import json
from itertools import count
from typing import Any

from streamlit.testing.v1 import AppTest

from review_app.components.screening_pane import KEY

_numbers = count(1)


def pane(desk: AppTest) -> dict[str, Any]:
    """What the browser has: the records, the bar."""
    data = [
        json.loads(each.proto.json) for each in desk.get("bidi_component") if "screening" in each.proto.component_name
    ]
    return dict(next(each for each in data if each["part"] == "bar"))


def title(desk: AppTest) -> str:
    return "".join(text for text, _ in pane(desk)["records"][0]["content"]["title"])


def tell(desk: AppTest, *acts: dict[str, Any], shows: int | None = None) -> AppTest:
    """As the browser does: each act with a number of its own."""
    shown = pane(desk)
    by = {"stage": shown["stage"], "member": shown["member"]}
    numbered = [{"seq": next(_numbers), **by, **act} for act in acts]
    desk.session_state[KEY] = {"told": {"tab": "a tab", "shows": shows, "acts": numbered}}
    return desk.run()


def judge(desk: AppTest, decision: str, reason: str | None = None, *, note: str = "") -> AppTest:
    """A vote on the record on the screen."""
    first, *then = pane(desk)["records"]
    vote = {"kind": "vote", "record": first["id"], "hash": first["hash"], "decision": decision, "reason": reason}
    return tell(desk, vote | {"note": note}, shows=then[0]["id"] if then else None)


def undo(desk: AppTest) -> AppTest:
    last = pane(desk)["votes"][0]["record"]
    return tell(desk, {"kind": "undo", "record": last}, shows=last)


def progress(desk: AppTest) -> str:
    shown = pane(desk)
    return f"{shown['mine']} of {shown['of']}"

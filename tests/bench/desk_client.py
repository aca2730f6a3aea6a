"""Streamlit's protocol without a browser: many people at the queue, each judging a record after a pause."""

import asyncio
import json
import random
import secrets
import time
from dataclasses import dataclass, field
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

PATIENCE = 120  # seconds for one answer; a queue that needs them has failed anyway
PANE = "footnote_screening"


@dataclass
class Person:
    """One session at the queue: `took` are the milliseconds from a vote to the answer that names it as done."""

    url: str
    token: str
    page: str
    took: list[float] = field(default_factory=list)
    _tab: str = field(default_factory=lambda: secrets.token_hex(4))
    _pane: dict[str, Any] = field(default_factory=dict)  # as the server last sent it
    _place: tuple[str, str] = ("", "")  # the widget and the fragment that tell of it

    async def sit(self, times: int, pause: float, chance: random.Random) -> None:
        """Open the page, then include one record after the other, with about `pause` seconds between."""
        headers = {"Cookie": f"footnote_session={self.token}", "Origin": self.url}
        address = self.url.replace("http", "ws", 1) + "/_stcore/stream"
        async with connect(address, additional_headers=headers, subprotocols=["streamlit"], max_size=None) as line:  # type: ignore[list-item]
            await self._run(line, self._ask())
            for seq in range(1, times + 1):
                await asyncio.sleep(pause * chance.uniform(0.5, 1.5))
                start = time.perf_counter()
                await self._run(line, self._voted(seq))
                self.took.append((time.perf_counter() - start) * 1000)
                if self._pane["done"] != seq:  # a record that two others decided meanwhile is refused, and done
                    raise RuntimeError(f"no answer names vote {seq}: {self._pane['failed']}")

    def _ask(self) -> BackMsg:
        asked = BackMsg()
        asked.rerun_script.page_name = self.page
        return asked

    def _voted(self, seq: int) -> BackMsg:
        """What the pane tells: the whole list of acts that no answer has named yet, here of one."""
        asked, (record, then, *_) = self._ask(), self._pane["records"]
        widget, asked.rerun_script.fragment_id = self._place
        act = {"seq": seq, "kind": "vote", "decision": "include"}
        act |= {"stage": self._pane["stage"], "member": self._pane["member"]}
        act |= {"record": record["id"], "hash": record["hash"], "labels": record["labels"], "note": record["note"]}
        told = {"told": {"tab": self._tab, "shows": then["id"], "acts": [act]}}
        asked.rerun_script.widget_states.widgets.add(id=widget, json_value=json.dumps(told))
        return asked

    async def _run(self, line: ClientConnection, asked: BackMsg) -> None:
        await line.send(asked.SerializeToString())
        while True:
            said: Any = ForwardMsg()
            said.ParseFromString(await asyncio.wait_for(line.recv(), PATIENCE))
            if said.WhichOneof("type") == "delta":
                self._hear(said.delta)
            if said.WhichOneof("type") == "script_finished":
                return

    def _hear(self, delta: Any) -> None:
        component = delta.new_element.bidi_component
        if component.component_name == PANE and json.loads(component.json)["part"] == "bar":
            self._pane, self._place = json.loads(component.json), (component.id, delta.fragment_id)


def together(people: list[Person], *, times: int, pause: float) -> list[float]:
    """All of them at once; what each vote took, in milliseconds, sorted."""

    async def everybody() -> None:
        async with asyncio.TaskGroup() as group:
            for number, person in enumerate(people):
                group.create_task(person.sit(times, pause, random.Random(number)))

    asyncio.run(everybody())
    return sorted(took for person in people for took in person.took)

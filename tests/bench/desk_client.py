"""Streamlit's protocol without a browser: many people at the queue, each pressing a button after a pause."""

import asyncio
import random
import time
from dataclasses import dataclass, field
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

PATIENCE = 120  # seconds for one answer; a queue that needs them has failed anyway


@dataclass
class Person:
    """One session at a page: `took` are the milliseconds from a press to the end of the script."""

    url: str
    token: str
    page: str
    took: list[float] = field(default_factory=list)
    _buttons: dict[str, tuple[str, str]] = field(default_factory=dict)

    async def sit(self, press: str, times: int, pause: float, chance: random.Random) -> None:
        """Open the page, then press the button again and again, with about `pause` seconds between."""
        headers = {"Cookie": f"footnote_session={self.token}", "Origin": self.url}
        address = self.url.replace("http", "ws", 1) + "/_stcore/stream"
        async with connect(address, additional_headers=headers, subprotocols=["streamlit"], max_size=None) as line:  # type: ignore[list-item]
            await self._run(line, self._ask())
            for _ in range(times):
                await asyncio.sleep(pause * chance.uniform(0.5, 1.5))
                start = time.perf_counter()
                await self._run(line, self._pressed(press))
                self.took.append((time.perf_counter() - start) * 1000)

    def _ask(self) -> BackMsg:
        asked = BackMsg()
        asked.rerun_script.page_name = self.page
        return asked

    def _pressed(self, words: str) -> BackMsg:
        asked = self._ask()
        key, fragment = self._buttons.pop(words)
        asked.rerun_script.fragment_id = fragment
        asked.rerun_script.widget_states.widgets.add(id=key, trigger_value=True)
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
        if delta.WhichOneof("type") == "new_element" and delta.new_element.WhichOneof("type") == "button":
            button = delta.new_element.button
            self._buttons[button.label] = (button.id, delta.fragment_id)


def together(people: list[Person], *, press: str, times: int, pause: float) -> list[float]:
    """All of them at once; what each press took, in milliseconds, sorted."""

    async def everybody() -> None:
        async with asyncio.TaskGroup() as group:
            for number, person in enumerate(people):
                group.create_task(person.sit(press, times, pause, random.Random(number)))

    asyncio.run(everybody())
    return sorted(took for person in people for took in person.took)

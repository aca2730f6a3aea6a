"""Passwords wait in a short queue of their own while every other page goes on."""

import asyncio
from threading import Event, Lock

import httpx
import pytest
from plain_browser import BASE, hidden
from sqlalchemy import Engine
from starlette.applications import Starlette

from review_app import sign_in
from review_app.password_queue import AT_ONCE, MAX_WAITING, Busy, hashing, limiter


class Slow:
    """Work that lasts until it is let go, and how much of it went on at the same time."""

    def __init__(self) -> None:
        self.let_go, self._lock, self.now, self.most, self.done = Event(), Lock(), 0, 0, 0

    def __call__(self) -> None:
        with self._lock:
            self.now += 1
            self.most = max(self.most, self.now)
        self.let_go.wait()
        with self._lock:
            self.now -= 1
            self.done += 1


async def fill(slow: Slow) -> list[asyncio.Task[None]]:
    """As many as can be at work or wait."""
    tasks = [asyncio.create_task(hashing(slow)) for _ in range(AT_ONCE + MAX_WAITING)]
    while limiter.statistics().tasks_waiting < MAX_WAITING:
        await asyncio.sleep(0)
    return tasks


def test_two_passwords_are_hashed_at_once_and_every_one_in_the_queue_has_its_turn() -> None:
    slow = Slow()

    async def many() -> None:
        tasks = await fill(slow)
        slow.let_go.set()
        await asyncio.gather(*tasks)

    asyncio.run(many())
    assert slow.most <= AT_ONCE
    assert slow.done == AT_ONCE + MAX_WAITING


def test_a_queue_that_is_full_turns_the_next_away() -> None:
    slow = Slow()

    async def one_too_many() -> None:
        tasks = await fill(slow)
        try:
            with pytest.raises(Busy):
                await hashing(slow)
        finally:
            slow.let_go.set()
            await asyncio.gather(*tasks)

    asyncio.run(one_too_many())


def test_while_the_queue_is_full_pages_answer_and_signing_in_is_put_off(library: Engine) -> None:
    slow = Slow()

    async def sign_in_now() -> httpx.Response:
        app = httpx.ASGITransport(Starlette(routes=sign_in.ROUTES))
        async with httpx.AsyncClient(transport=app, base_url=BASE) as client:
            tasks = await fill(slow)
            try:
                form = hidden((await client.get("/sign-in")).text, "form")
                return await client.post("/sign-in", data={"form": form, "name": "Ada", "password": "not this one"})
            finally:
                slow.let_go.set()
                await asyncio.gather(*tasks)

    answer = asyncio.run(sign_in_now())
    assert answer.status_code == 503
    assert "Please try again in a minute" in answer.text

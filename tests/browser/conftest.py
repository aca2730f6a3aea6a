"""A real Chromium, and Streamlit apps on free ports for it to look at."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest
from free_port import free_port
from playwright.sync_api import Browser, Page, expect, sync_playwright

CHECKOUT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 60  # seconds, for a machine that does much else; nothing here waits longer than it must
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The Chromium of this machine; Playwright's own is never downloaded.

    It ends with the file: while Playwright is there, an event loop runs, and no other test could run one.
    """
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        pytest.skip("no Chromium on this machine")
    expect.set_options(timeout=PATIENCE * 1000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=QUIET, timeout=PATIENCE * 1000)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1366, "height": 768}, color_scheme="light")
    context.set_default_timeout(PATIENCE * 1000)
    yield context.new_page()
    context.close()


def _wait_until_healthy(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise RuntimeError(f"the app ended early:\n{log.read_text('utf-8')}")
        try:
            if httpx.get(f"{url}/_stcore/health", timeout=PATIENCE).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise RuntimeError(f"the app did not answer within {PATIENCE} s:\n{log.read_text('utf-8')}")


@contextmanager
def serving(script: Path, log: Path, environment: dict[str, str]) -> Iterator[str]:
    """`streamlit run` from the checkout, as a person starts it; gives the address."""
    port = free_port()
    environment = {"FOOTNOTE_PORT": str(port), **environment}
    command = [sys.executable, "-m", "streamlit", "run", str(script), f"--server.port={port}"]
    with log.open("wb") as sink:
        server = subprocess.Popen(
            command, cwd=CHECKOUT, env={**os.environ, **environment}, stdout=sink, stderr=subprocess.STDOUT
        )
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_until_healthy(url, server, log)
            yield url
        finally:
            server.terminate()
            server.wait(timeout=PATIENCE)


@pytest.fixture(scope="module")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., str]]:
    """`serve(script, log=None, **environment)` starts an app for the tests of one file and gives its address."""
    with ExitStack() as running:

        def start(script: Path, log: Path | None = None, **environment: str) -> str:
            log = log or tmp_path_factory.mktemp("app") / "log.txt"
            return running.enter_context(serving(script, log, environment))

        yield start

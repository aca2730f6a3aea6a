"""From the moment a key goes down to the moment what it leads to is painted, in a real Chromium."""

from dataclasses import asdict, dataclass

from playwright.sync_api import Browser, Page
from playwright.sync_api import TimeoutError as Late

PATIENCE = 60_000  # milliseconds
READ = 400  # milliseconds between keys, in which nothing runs: nobody reads faster
# The key's own time stamp, taken before the page's own keys stop the event; then the first change of what is shown;
# then the frame that paints it, and one task after.
_PRESSED = "addEventListener('keydown', (event) => { window.pressed = event.timeStamp; }, true)"
_AT_REST = "[data-testid=stApp][data-test-script-state=notRunning]"
_WATCH = """({ shown, unless }) => {
  const before = document.querySelector(shown).innerText;
  window.pressed = window.painted = 0;
  const watcher = new MutationObserver(() => {
    const at = document.querySelector(shown), now = at?.innerText;
    if (!window.pressed || !now || now === before || at.hasAttribute(unless)) return;
    watcher.disconnect();
    requestAnimationFrame(() => {
      const task = new MessageChannel();
      task.port1.onmessage = () => { window.painted = performance.now() - window.pressed; };
      task.port2.postMessage(0);
    });
  });
  watcher.observe(document.body, { childList: true, subtree: true, characterData: true, attributes: true });
}"""


@dataclass(frozen=True, slots=True)
class Watched:
    """What is painted when its words have changed and it has not the attribute `unless`."""

    shown: str
    unless: str = "hidden"


def keys_in_browser(
    browser: Browser, address: str, token: str, *, key: str, watched: Watched, times: int
) -> list[float]:
    """Milliseconds for each of `times` presses, sorted; the first three, in which the page settles, are left out."""
    page = _open(browser, address, token, watched.shown)
    page.wait_for_load_state("networkidle")  # Streamlit fetches the code of each widget when it is first drawn
    took = []
    for _ in range(times + 3):
        page.wait_for_timeout(READ)
        page.locator(_AT_REST).wait_for()
        page.evaluate(_WATCH, asdict(watched))
        page.keyboard.press(key)
        page.wait_for_function("window.painted")
        took.append(float(page.evaluate("window.painted")))
    page.context.close()
    return sorted(took[3:])


def first_paint(browser: Browser, address: str, token: str, *, shown: str) -> float:
    """Milliseconds from asking for the address to the record on the screen, with an empty cache."""
    page = _open(browser, address, token, shown)
    took = float(page.evaluate("performance.now()"))
    page.context.close()
    return took


def _open(browser: Browser, address: str, token: str, shown: str) -> Page:
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    context.add_cookies([{"name": "footnote_session", "value": token, "url": address}])
    context.add_init_script(_PRESSED)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(address)
    try:
        page.locator(shown).first.wait_for()
    except Late:
        raise RuntimeError(f"{address} shows nothing to judge: {page.inner_text('body')[:300]}") from None
    return page

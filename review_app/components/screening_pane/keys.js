// The keyboard of the queue, caught before Streamlit's own shortcuts; and where Streamlit calls.

const CODE_ON_ITS_WAY = "[data-testid=stSkeleton]";

// The words of a page can be read before the code of the button beside them has come: the key waits for it, as long as
// one is at the same record.
const native = (place, button = "button") =>
  function press(record = view().next) {
    if (view().next !== record) return;
    const drawn = document.querySelector(place);
    const found = drawn?.querySelector(button);
    if (found) found.click();
    else if (drawn?.querySelector(CODE_ON_ITS_WAY)) requestAnimationFrame(() => press(record));
  };
const page = (word) => native('[class*="st-key-full_text_page_"]', `button[aria-label*="${word}" i]`);

const KEYS = {
  i: () => judge("include"),
  u: () => judge("maybe"),
  e: exclude,
  z: undo,
  n: () => document.getElementById("fn-note")?.focus(),
  l: () => document.getElementById("fn-labels")?.focus(),
  w: () => document.querySelector(".fn-why-record summary")?.click(),
  q: native(".st-key-full_text_quote_button"),
  j: page("next"),
  k: page("previous"),
};
const OF_RECORD = new Set(["q", "j", "k"]); // of the record that is read beside the pane

function act(key) {
  if (/^[1-9]$/.test(key)) excludeBecause(Number(key));
  else if (view().record || !OF_RECORD.has(key)) KEYS[key]();
}

function turnPage(event) {
  const words = document.querySelector('[class*="st-key-full_text_words_"]');
  const far = 0.9 * (words?.clientHeight ?? 0);
  if (words && !words.contains(event.target)) words.scrollBy({ top: event.key === "PageDown" ? far : -far });
}

function onKey(event) {
  if (!desk.data || !desk.places.bar?.isConnected || event.ctrlKey || event.metaKey || event.altKey) return;
  const key = event.key.toLowerCase();
  const writing = event.target.closest("input, textarea, select, [contenteditable=true], [role=dialog]");
  if (!writing && desk.wrote && performance.now() < desk.steady) desk.steady = performance.now() + WRITTEN;
  if (writing) {
    if (event.key !== "Escape" || !writing.matches("textarea, input")) return;
    writing.blur();
    document.querySelector(".fn-record")?.focus({ preventScroll: true });
  } else if (key in KEYS || /^[1-9]$/.test(key)) {
    event.preventDefault();
    event.stopImmediatePropagation();
    // A key held down judges once.
    if (!event.repeat && performance.now() >= desk.steady) act(key);
  } else if (key === "pagedown" || key === "pageup") turnPage(event);
}

addEventListener("keydown", onKey, true);

const PARTS = { page: () => {}, record: paintRecord, side: paintSide, bar: paintBar };

function place(part, parent) {
  const known = desk.places[part]?.parentElement === parent;
  if (!known) desk.places[part] = parent.appendChild(element("div", { "data-screening-part": part }));
  return !known;
}

export default function ({ data, parentElement, setStateValue }) {
  const isNew = place(data.part, parentElement);
  if (data.part === "page") desk.redraw = setStateValue;
  if (data.part === "bar") {
    desk.tell = setStateValue;
    hear(data);
    if (isNew || data.tab !== desk.tab) tell(); // what was done before one left the queue, or the server was restarted
  }
  paint();
  const mine = desk.places[data.part];
  return () => {
    if (data.part === "bar") leave();
    if (desk.places[data.part] === mine) delete desk.places[data.part];
    mine.remove();
  };
}

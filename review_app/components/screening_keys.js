// The keys of the queue, and on a conflict N, which leads to its reason. Streamlit's own shortcuts, which the buttons
// show, miss keys that come while it draws, and take a key held down for many: so each key of the queue is caught here
// first, and clicks the button that is on the screen.
(() => {
  const PATIENCE = 5000; // milliseconds
  const bar = (name) => `.st-key-screening_bar [class*="st-key-${name}"] button`;
  const buttons = { i: bar("Include_"), u: bar("Maybe_"), e: bar("Exclude_"), z: bar("undo") };
  const reason = '[class*="st-key-settle_reason_"] textarea';
  const fields = { n: `.st-key-screening_note textarea, ${reason}`, l: ".st-key-screening_labels input" };
  const read = () => document.querySelector(".fn-record")?.focus({ preventScroll: true });

  const pages = (name) => `[class*="st-key-full_text_page_"] button[aria-label*="${name}" i]`;
  const more = { q: ".st-key-full_text_quote_button button", j: pages("next"), k: pages("previous"), w: ".st-key-queue_reason input" };
  const button = (key) => document.querySelector(buttons[key] ?? more[key] ?? bar(`why_${key}_`));
  const title = () => document.querySelector(".fn-title")?.innerText;

  // On a page that has just come the record is there before the buttons: a key waits for its own, for the same record.
  const click = (key, record, until) => {
    if (title() !== record) return;
    const found = button(key);
    if (found) found.click();
    else if (performance.now() < until) requestAnimationFrame(() => click(key, record, until));
  };

  const onKey = (event) => {
    const key = event.key.toLowerCase();
    const writing = event.target.closest("input, textarea, [contenteditable=true], [role=dialog]");
    const judging = document.querySelector(".st-key-screening_bar");
    if (!(judging || document.querySelector(reason)) || event.ctrlKey || event.metaKey || event.altKey) return;
    const field = key in fields && document.querySelector(fields[key]);
    if (writing) {
      if (event.key === "Escape" && writing.matches("textarea, input")) {
        writing.blur();
        read();
      }
    } else if (field || (judging && (key in buttons || key in more || /^[1-9]$/.test(key)))) {
      event.preventDefault();
      event.stopImmediatePropagation();
      if (field) field.focus();
      else if (!event.repeat) click(key, title(), performance.now() + PATIENCE);
    } else if (key === "pagedown" || key === "pageup") {
      const page = document.querySelector('[class*="st-key-full_text_words_"]');
      const far = 0.9 * (page?.clientHeight ?? 0);
      if (page && !page.contains(event.target)) page.scrollBy({ top: key === "pagedown" ? far : -far });
    }
  };

  const at = document.activeElement;
  if (!at || at === document.body || at.tagName === "BUTTON") read();
  if (!window.footnoteScreeningKeys) window.addEventListener("keydown", onKey, true);
  window.footnoteScreeningKeys = true;
})();

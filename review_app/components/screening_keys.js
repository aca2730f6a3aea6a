// A conflict by the keyboard: N leads to its reason, Escape back to the record, a number chooses the reason to exclude.
// Streamlit's buttons have the other keys.
(() => {
  const reason = () => document.querySelector('[class*="st-key-settle_reason_"] textarea');
  const because = (number) => document.querySelectorAll('[class*="st-key-settle_exclusion_"] button')[number - 1];
  const read = () => document.querySelector(".fn-record")?.focus({ preventScroll: true });

  const onKey = (event) => {
    const writing = event.target.closest("input, textarea, [contenteditable=true], [role=dialog]");
    if (!reason() || event.ctrlKey || event.metaKey || event.altKey) return;
    if (writing && event.key === "Escape" && writing.matches("textarea, input")) {
      writing.blur();
      read();
    } else if (!writing && event.key.toLowerCase() === "n") {
      event.preventDefault();
      reason().focus();
    } else if (!writing && /^[1-9]$/.test(event.key) && !event.repeat) {
      because(Number(event.key))?.click();
    }
  };

  const at = document.activeElement;
  if (!at || at === document.body || at.tagName === "BUTTON") read();
  if (!window.footnoteConflictKeys) window.addEventListener("keydown", onKey, true);
  window.footnoteConflictKeys = true;
})();

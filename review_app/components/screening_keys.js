// A conflict by the keyboard: N leads to its reason, Escape back to the record. Streamlit's buttons have the other keys.
(() => {
  const reason = () => document.querySelector('[class*="st-key-settle_reason_"] textarea');
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
    }
  };

  const at = document.activeElement;
  if (!at || at === document.body || at.tagName === "BUTTON") read();
  if (!window.footnoteConflictKeys) window.addEventListener("keydown", onKey, true);
  window.footnoteConflictKeys = true;
})();

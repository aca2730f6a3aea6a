// Keys that Streamlit's buttons cannot have: N and L lead to the note and the labels, Escape leads back to the record.
(() => {
  const record = () => document.querySelector(".fn-record");
  const at = document.activeElement;
  if (!at || at === document.body || at.tagName === "BUTTON") record()?.focus({ preventScroll: true });
  if (window.footnoteScreeningKeys) return;
  window.footnoteScreeningKeys = true;
  const fields = { n: ".st-key-screening_note textarea", l: ".st-key-screening_labels input" };
  document.addEventListener("keydown", (event) => {
    const writing = event.target.closest("input, textarea, [contenteditable=true]");
    if (!record() || event.ctrlKey || event.metaKey || event.altKey) return;
    if (writing && event.key === "Escape") {
      writing.blur();
      record().focus({ preventScroll: true });
    } else if (!writing && fields[event.key.toLowerCase()]) {
      event.preventDefault();
      document.querySelector(fields[event.key.toLowerCase()])?.focus();
    }
  });
})();

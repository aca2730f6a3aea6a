// The record, from text nodes. A new one is a new element, so that it begins at its top.

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

const drawRun = ([text, kind]) => {
  if (!kind) return document.createTextNode(text);
  if (kind === "em" || kind === "strong") return element(kind, {}, text);
  return element("mark", { class: "fn-lit", "data-kind": kind }, text);
};

function drawMeta({ journal, about, links, integrity }) {
  const parts = about.map((each) => document.createTextNode(each));
  if (journal) parts.unshift(element("em", {}, journal));
  for (const [href, words] of links) {
    parts.push(element("a", { href, target: "_blank", rel: "noopener noreferrer" }, `${words} ↗`));
  }
  if (integrity) {
    const sign = element("span", { "aria-hidden": "true" }, "⚑");
    parts.push(element("span", { class: "fn-badge", "data-integrity": integrity[1] }, sign, ` ${integrity[0]}`));
  }
  const line = element("p", { class: "fn-meta" });
  parts.forEach((part, place) => line.append(...(place ? [" · ", part] : [part])));
  return line;
}

function drawSection([label, runs]) {
  const text = element("p", {}, ...runs.map(drawRun));
  return label ? [element("h3", { class: "fn-section" }, label.toLowerCase()), text] : [text];
}

function drawRecord({ title, struck, sections, ...meta }) {
  const words = title.map(drawRun);
  const drawn = element("article", { class: "fn-record", tabindex: "0", "aria-label": "Record" });
  drawn.append(element("h2", { class: "fn-title" }, ...(struck ? [element("s", {}, ...words)] : words)), drawMeta(meta));
  if (sections.length === 0) drawn.append(element("p", { class: "fn-meta" }, "The record has no abstract."));
  drawn.append(...sections.flatMap(drawSection));
  return drawn;
}

function paintRecord(root, { record }) {
  const wanted = record ? `${record.id} ${JSON.stringify(record.content)}` : "";
  if (root.drawn === wanted) return;
  root.drawn = wanted;
  const waits = element("p", { class: "fn-meta" }, "The next record comes …");
  root.replaceChildren(record ? drawRecord(record.content) : element("article", { class: "fn-record" }, waits));
}

// The focus goes to a new record, to scroll it; not away from a field of the page that belongs to no record.
function read() {
  const shown = document.querySelector(".fn-record");
  if (shown === desk.shown) return;
  desk.shown = shown;
  const at = document.activeElement;
  if (!at || at === document.body || at.tagName === "BUTTON" || at.closest("[data-screening-part]")) {
    shown?.focus({ preventScroll: true });
  }
}

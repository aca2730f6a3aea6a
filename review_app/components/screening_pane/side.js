// Beside the record: one's own labels and note, kept as one types, and why the record is there.

function chip(label, take) {
  const cross = element("button", { type: "button", class: "fn-take", "aria-label": `Take ${label} away` }, "×");
  cross.addEventListener("click", take);
  return element("span", { class: "fn-badge" }, label, cross);
}

function drawLabels(record) {
  const list = element("datalist", { id: "fn-own-labels" });
  const field = element("input", {
    id: "fn-labels",
    list: "fn-own-labels",
    maxlength: desk.data.limits.label,
    autocomplete: "off",
    placeholder: "Add a label",
    "aria-keyshortcuts": "L",
  });
  const enter = () => {
    const label = field.value.trim().replace(/\s+/g, " ");
    field.value = "";
    if (label && !typed(record).labels.includes(label)) change([...typed(record).labels, label]);
  };
  const chips = element("span", { class: "fn-chips" });
  const drawChips = () => {
    const each = (label) => chip(label, () => change(typed(record).labels.filter((other) => other !== label)));
    chips.replaceChildren(...typed(record).labels.map(each));
    field.disabled = typed(record).labels.length >= desk.data.limits.labels;
  };
  const change = (wanted) => {
    type(record, { labels: wanted });
    keep(record.id);
    drawChips();
  };
  field.addEventListener("focus", () => {
    const others = desk.data.own_labels.filter((label) => !typed(record).labels.includes(label));
    list.replaceChildren(...others.map((value) => element("option", { value })));
  });
  field.addEventListener("change", enter);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") enter();
  });
  drawChips();
  return element("div", { class: "fn-field" }, element("label", { for: "fn-labels" }, "Labels (L)"), chips, field, list);
}

function drawNote(record) {
  const field = element("textarea", {
    id: "fn-note",
    rows: "3",
    maxlength: desk.data.limits.note,
    placeholder: desk.data.placeholder,
    "aria-keyshortcuts": "N",
  });
  field.value = typed(record).note;
  field.addEventListener("input", () => type(record, { note: field.value }));
  field.addEventListener("change", () => keep(record.id));
  return element("div", { class: "fn-field" }, element("label", { for: "fn-note" }, "Note (N)"), field);
}

const drawLine = ([name, runs]) => element("p", { class: name || null }, ...runs.map(drawRun));

function drawWhy(record) {
  const words = element("summary", { "aria-keyshortcuts": "W" }, "Why this record, and how far are we? (W)");
  const drawn = element("details", { class: "fn-why-record", open: Boolean(desk.why) }, words);
  drawn.addEventListener("toggle", () => (desk.why = drawn.open));
  drawn.append(...[...record.why, ...desk.data.advice].map(drawLine));
  return drawn;
}

function paintSide(root, { record }) {
  if (!record) {
    root.drawn = "";
    root.replaceChildren();
    return;
  }
  const reason = JSON.stringify([record.why, desk.data.advice]);
  const wanted = `${record.id} ${desk.data.stage}`;
  const { labels, note } = typed(record);
  const words = JSON.stringify([labels, note]);
  // The words in a field are the reader's as long as they are in it.
  const others = root.words !== words && !root.matches(":focus-within");
  if (root.drawn !== wanted || others) {
    const told = "Calibration round: everybody votes on this record, each alone.";
    const line = record.calibration ? [element("p", { class: "fn-meta" }, told)] : [];
    root.replaceChildren(...line, drawLabels(record), drawNote(record), drawWhy(record));
  } else if (root.reason !== reason) root.querySelector(".fn-why-record").replaceWith(drawWhy(record));
  Object.assign(root, { drawn: wanted, words, reason });
}

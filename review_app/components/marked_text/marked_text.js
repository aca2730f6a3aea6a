// Draws sentences as text nodes, moves focus between them and reports the one that was chosen.
// Streamlit calls the default export again with the same parent whenever the data or the theme changes.

const views = new WeakMap();
const DRAG = 4; // pixels: beyond that a press is a text selection, not a click

const NEXT = new Set(["ArrowDown", "ArrowRight", "j", "J"]);
const PREVIOUS = new Set(["ArrowUp", "ArrowLeft", "k", "K"]);

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.appendChild(document.createTextNode(text));
  return made;
}

function drawRun(run) {
  if (run.kinds.length === 0) return document.createTextNode(run.text);
  const mark = element("mark", run.kinds.map((kind) => `is-${kind}`).join(" "), run.text);
  if (run.note) mark.title = run.note;
  return mark;
}

function drawSentence(sentence) {
  const drawn = element("span", "sentence");
  drawn.dataset.id = String(sentence.id);
  drawn.dataset.line = sentence.line;
  drawn.dataset.basis = sentence.basis;
  if (sentence.verdict) drawn.dataset.verdict = sentence.verdict;
  if (sentence.spoken) drawn.appendChild(element("span", "spoken", `${sentence.spoken}: `));
  if (sentence.sign) {
    const sign = element("span", "sign", sentence.sign);
    sign.setAttribute("aria-hidden", "true");
    drawn.append(sign);
  }
  const words = element("span", "words");
  words.append(...sentence.runs.map(drawRun));
  drawn.append(words);
  if (sentence.selectable) {
    drawn.setAttribute("role", "button");
    drawn.setAttribute("aria-pressed", "false");
    drawn.tabIndex = -1;
  }
  return drawn;
}

const TAGS = { heading: "h2", list_item: "li", quote: "blockquote", code: "pre" };

function drawBlock(block) {
  const drawn = element(TAGS[block.kind] ?? "p", `block ${block.kind}`);
  block.sentences.forEach((sentence, index) => {
    if (index > 0) drawn.appendChild(document.createTextNode(" "));
    drawn.appendChild(drawSentence(sentence));
  });
  return drawn;
}

function drawBlocks(blocks) {
  const drawn = document.createDocumentFragment();
  let list = null;
  for (const block of blocks) {
    if (block.section) drawn.appendChild(element("h3", "section", block.section));
    if (block.kind !== "list_item") list = null;
    else if (list === null || block.section) list = drawn.appendChild(element("ul"));
    (list ?? drawn).appendChild(drawBlock(block));
  }
  return drawn;
}

function isDark(host) {
  const [r, g, b] = (getComputedStyle(host).backgroundColor.match(/[\d.]+/g) ?? [255, 255, 255]).map(Number);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b < 128;
}

class View {
  constructor(root) {
    this.text = element("div", "text");
    this.text.setAttribute("role", "group");
    this.hint = element("p", "spoken", "Arrow keys or J and K move between sentences. Enter chooses, Escape clears.");
    this.hint.id = "hint";
    this.text.setAttribute("aria-describedby", "hint");
    root.append(this.hint, this.text);
    this.sentences = [];
    this.drawn = "";
    this.turn = 0;
    this.pressed = { x: 0, y: 0 };
    this.text.addEventListener("pointerdown", (event) => (this.pressed = { x: event.clientX, y: event.clientY }));
    this.text.addEventListener("click", (event) => this.clicked(event));
    this.text.addEventListener("keydown", (event) => this.key(event));
    this.text.addEventListener("focusin", (event) => this.hold(event.target.closest(".sentence[role]")));
  }

  show(data, report) {
    this.report = report;
    this.text.setAttribute("aria-label", data.label);
    const wanted = JSON.stringify([data.style, data.blocks]);
    if (wanted !== this.drawn) this.draw(data, wanted);
    // An answer to an earlier choice must not take back a later one.
    if (data.turn >= this.turn) {
      this.turn = data.turn;
      // The page chose another sentence than the reader has open: bring it into view.
      const elsewhere = data.selected !== null && data.selected !== this.selected;
      this.mark(data.selected);
      if (elsewhere) this.find(data.selected)?.scrollIntoView({ block: "center" });
    } else this.mark(this.selected);
    this.text.style.colorScheme = isDark(this.probe()) ? "dark" : "light";
  }

  draw(data, wanted) {
    const focused = this.text.getRootNode().activeElement?.dataset?.id;
    this.text.dataset.style = data.style;
    this.text.replaceChildren(drawBlocks(data.blocks));
    this.sentences = [...this.text.querySelectorAll(".sentence[role]")];
    this.drawn = wanted;
    if (focused !== undefined) this.find(focused)?.focus({ preventScroll: true });
  }

  // The theme arrives as custom properties only: a colour has to be computed to be read.
  probe() {
    this.text.style.backgroundColor = "var(--st-background-color)";
    return this.text;
  }

  find(id) {
    return this.sentences.find((sentence) => sentence.dataset.id === String(id));
  }

  mark(id) {
    this.selected = id;
    for (const sentence of this.sentences) {
      sentence.setAttribute("aria-pressed", String(sentence.dataset.id === String(id)));
    }
    const holder = this.sentences.find((sentence) => sentence.tabIndex === 0);
    this.hold(this.find(id) ?? holder ?? this.sentences[0]);
  }

  // One stop for the Tab key; the arrow keys do the rest.
  hold(sentence) {
    if (!sentence) return;
    for (const other of this.sentences) other.tabIndex = other === sentence ? 0 : -1;
  }

  choose(id) {
    this.turn += 1;
    this.mark(id);
    this.report("chosen", { id, turn: this.turn });
  }

  clicked(event) {
    const moved = Math.hypot(event.clientX - this.pressed.x, event.clientY - this.pressed.y);
    const sentence = event.target.closest?.(".sentence[role]");
    // Assistive technology clicks without a pointer: detail is 0 then.
    if (!sentence || (event.detail > 0 && moved > DRAG)) return;
    sentence.focus({ preventScroll: true });
    this.choose(Number(sentence.dataset.id));
  }

  move(sentence) {
    if (!sentence) return;
    sentence.focus({ preventScroll: true });
    sentence.scrollIntoView({ block: "nearest" });
  }

  key(event) {
    const at = this.sentences.indexOf(event.target);
    if (at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    if (NEXT.has(event.key)) this.move(this.sentences[at + 1]);
    else if (PREVIOUS.has(event.key)) this.move(this.sentences[at - 1]);
    else if (event.key === "Home") this.move(this.sentences[0]);
    else if (event.key === "End") this.move(this.sentences.at(-1));
    else if (event.key === "Enter" || event.key === " ") this.choose(Number(event.target.dataset.id));
    else if (event.key === "Escape" && this.selected !== null) this.choose(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

export default function ({ data, parentElement, setStateValue }) {
  if (!views.has(parentElement)) views.set(parentElement, new View(parentElement));
  views.get(parentElement).show(data, setStateValue);
}

// The bar at the foot: one key a decision, one to take it back, and how far one has come.

const SAID = { include: "included", exclude: "excluded", maybe: "maybe" };
const LATE = "Not saved yet: the server does not answer. Keep this page open.";

function button(words, key, act, attributes = {}) {
  const made = element("button", { type: "button", "aria-keyshortcuts": key, ...attributes });
  made.addEventListener("click", (event) => {
    if (event.detail < 2) act(); // a double click is one: the next record is there before its second half
  });
  name(made, words);
  return made;
}

function name(made, words) {
  if (made.getAttribute("aria-label") === words) return;
  made.setAttribute("aria-label", words);
  made.replaceChildren(words, element("kbd", { "aria-hidden": "true" }, made.getAttribute("aria-keyshortcuts")));
}

function drawBar(root) {
  const parts = {
    told: element("div", { class: "fn-told", role: "alert" }),
    include: button("Include", "I", () => judge("include")),
    maybe: button("Maybe", "U", () => judge("maybe")),
    exclude: button("Exclude", "E", exclude),
    undo: button("Undo", "Z", undo),
    saving: element("span", { class: "fn-saving", role: "status" }),
    track: element("i"),
    count: element("b"),
    last: element("span"),
    progress: element("p", { class: "fn-progress", role: "status" }),
    asks: element("span", { class: "fn-why" }),
    reasons: element("span", { class: "fn-reasons" }),
  };
  parts.progress.append(element("span", { class: "fn-track" }, parts.track), element("span", {}, parts.count, parts.last));
  const keys = [parts.include, parts.maybe, parts.exclude, parts.undo];
  root.replaceChildren(
    parts.told,
    element("div", { class: "fn-keys" }, ...keys, parts.saving, parts.progress),
    element("div", { class: "fn-keys" }, parts.asks, parts.reasons),
  );
  return parts;
}

function drawReasons(place) {
  const { reasons } = desk.data;
  const drawn = reasons.map(({ label, means }, at) =>
    button(label, String(at + 1), () => excludeBecause(at + 1), { class: "fn-reason", title: means }),
  );
  place.replaceChildren(...drawn);
}

function said({ decision, reason }) {
  const label = desk.data.reasons.find((each) => each.id === reason)?.said ?? reason;
  return label ? `${SAID[decision]}, ${label}` : SAID[decision];
}

function paintBar(root, { record, votes, mine }) {
  root.parts ??= drawBar(root);
  const { told, include, maybe, exclude, undo, saving, track, count, last, progress, asks, reasons } = root.parts;
  const wanted = JSON.stringify(desk.data.reasons);
  if (root.drawn !== wanted) drawReasons(reasons);
  root.drawn = wanted;
  const asking = record !== null && desk.asking === record.id;
  for (const each of [include, maybe, exclude]) each.disabled = record === null;
  for (const each of reasons.children) each.disabled = record === null;
  name(exclude, asking && !desk.data.required ? "Give no reason" : "Exclude");
  undo.disabled = votes.length === 0;
  asks.textContent = asking ? "Exclude why?" : "Exclude:";
  asks.toggleAttribute("data-asking", asking);
  const total = desk.data.of;
  track.style.width = `${total ? (100 * mine) / total : 0}%`;
  const words = [`${mine.toLocaleString("en")} of ${total.toLocaleString("en")}`, votes[0] ? ` · last: ${said(votes[0])}` : ""];
  if (count.textContent !== words[0]) count.textContent = words[0];
  if (last.textContent !== words[1]) last.textContent = words[1];
  if (desk.acts.length) progress.setAttribute("aria-busy", "true");
  else progress.removeAttribute("aria-busy");
  const late = waits() > AGAIN ? LATE : waits() > SAVING ? "Saving …" : "";
  if (saving.textContent !== late) saving.textContent = late;
  const failures = desk.failed.map((each) => each.message).join(" ");
  if (told.textContent !== failures) told.textContent = failures;
}

// What the reader did and the server has not answered for, and what the screen shows with it. The server's data are
// the truth up to the act that they name as done; every later act is laid on top of them, until an answer has it.

const MOST = 50; // acts without an answer: then the reader waits
const SAVING = 400; // milliseconds until the bar says that it waits
const AGAIN = 4000; // milliseconds until what has no answer is told again
const STEADY = 400; // milliseconds in which a record that came unasked is not judged: the key was for the one before
const WRITTEN = 2000; // the same where one was writing about the one before, since the last key: words are no votes
const REORDERED = "The reasons for excluding changed: their numbers are new.";
const KNOWN = 60; // records that are kept, to be painted at once when their vote is taken back

const desk = {
  tab: Math.random().toString(36).slice(2),
  seq: 0,
  acts: [],
  data: null, // as the server last sent them
  tell: null, // to the server
  redraw: null, // by the server, everything
  places: {}, // where a part is drawn, by its name
  known: new Map(), // records, by id
  typed: new Map(), // labels and note as they stand in the fields, by record, until they are kept
  pause: new Map(), // timers that wait for the end of typing, by record
  failed: [], // messages to show
  heard: 0, // the last act whose failure was shown
  steady: 0,
  wrote: false, // when that record came
  reordered: 0, // until then a number key may be meant for a reason that has another place now
  shown: null, // the element of the record that last had the focus
  asking: null, // the record that is being excluded and still wants its reason
};

const LAID = {
  vote: (state, act) => {
    state.queue = state.queue.filter((id) => id !== act.record);
    state.votes = [act, ...state.votes.filter((vote) => vote.record !== act.record)];
    if (!state.voted.has(act.record)) state.mine += 1;
    state.voted.add(act.record);
  },
  undo: (state, act) => {
    state.queue = [act.record, ...state.queue.filter((id) => id !== act.record)];
    state.votes = state.votes.filter((vote) => vote.record !== act.record);
    state.mine -= 1;
    state.voted.delete(act.record);
  },
  draft: () => {},
};

// `next` is the record that one is at; `record` the same where it is on the screen and can be judged.
function view() {
  const { records, votes, mine, beside, stage } = desk.data;
  const voted = new Set(records.filter((record) => record.voted).map((record) => record.id));
  const state = { queue: records.map((record) => record.id), votes, mine, voted };
  const acts = desk.acts.filter((act) => act.stage === stage);
  for (const act of acts) LAID[act.kind](state, act);
  state.ahead = acts.some((act) => act.kind !== "draft");
  state.next = state.queue[0] ?? null;
  state.record = (beside && state.ahead ? null : desk.known.get(state.next)) ?? null;
  return state;
}

// Labels and note as they stand now.
function typed({ id }) {
  const { labels, note } = desk.typed.get(id) ?? desk.known.get(id);
  return { labels, note };
}

function add(act) {
  desk.seq += 1;
  const { member, stage } = desk.data;
  desk.acts.push({ seq: desk.seq, member, stage, at: performance.now(), ...act });
  if (act.kind !== "draft") desk.failed = desk.failed.filter((each) => performance.now() < each.until);
  paint();
  setTimeout(paint, SAVING + 10);
  // The screen comes first; keys in quick succession go together.
  requestAnimationFrame(() => setTimeout(tell));
}

const told = () => ({ tab: desk.tab, shows: view().next, acts: desk.acts.map(({ at, ...act }) => act) });

function tell() {
  if (desk.acts.length === 0 || !desk.places.bar) return;
  desk.tell("told", told());
  clearTimeout(desk.again);
  desk.again = setTimeout(tellAgain, AGAIN);
}

// A server that was restarted knows nothing of the part of a page that tells, but it can draw the whole page.
function tellAgain() {
  if (desk.acts.length === 0 || !desk.places.page) return;
  desk.redraw("again", performance.now());
  desk.again = setTimeout(tellAgain, AGAIN);
  paint();
}

// Who leaves the queue hears no answer any more: the browser sends this even after the page is gone.
function leave() {
  keepAll();
  if (desk.acts.length > 0) navigator.sendBeacon("/queue-acts", JSON.stringify(told()));
}

function judge(decision, reason = null) {
  const { record } = view();
  if (!record || desk.acts.length >= MOST || performance.now() < desk.steady) return;
  keep(record.id);
  desk.asking = null;
  add({ kind: "vote", record: record.id, decision, reason, hash: record.hash, ...typed(record) });
}

function exclude() {
  const { record } = view();
  if (!record) return;
  if (desk.asking === record.id && !desk.data.required) judge("exclude");
  else desk.asking = record.id;
  paint();
}

function excludeBecause(number) {
  const reason = desk.data.reasons[number - 1];
  if (reason && performance.now() >= desk.reordered) judge("exclude", reason.id);
}

function undo() {
  const [last] = view().votes;
  if (!last || desk.acts.length >= MOST) return;
  desk.asking = null;
  add({ kind: "undo", record: last.record });
}

function type(record, change) {
  desk.typed.set(record.id, { ...typed(record), ...change });
  clearTimeout(desk.pause.get(record.id));
  desk.pause.set(record.id, setTimeout(keep, SAVING, record.id));
}

// What is typed, and not kept yet, now.
function keep(id) {
  if (!desk.pause.has(id)) return;
  clearTimeout(desk.pause.get(id));
  desk.pause.delete(id);
  desk.acts = desk.acts.filter((act) => act.kind !== "draft" || act.record !== id);
  add({ kind: "draft", record: id, ...desk.typed.get(id) });
}

function keepAll() {
  [...desk.pause.keys()].forEach(keep);
}

function hear(data) {
  const before = desk.data && view().next;
  if (data.tab === desk.tab) {
    desk.acts = desk.acts.filter((act) => act.seq > data.done);
    for (const each of data.failed.filter((each) => each.seq > desk.heard)) {
      desk.failed.push({ ...each, until: performance.now() + AGAIN });
    }
    desk.heard = Math.max(desk.heard, data.done);
  }
  if (desk.data?.stage !== data.stage) desk.known.clear();
  else warnOfOrder(data.reasons);
  desk.data = data;
  forgetKept();
  for (const record of data.records) {
    desk.known.delete(record.id);
    desk.known.set(record.id, record);
  }
  for (const id of [...desk.known.keys()].slice(0, -KNOWN)) desk.known.delete(id);
  if (before && view().next !== before) {
    desk.wrote = Boolean(document.activeElement?.matches("#fn-labels, #fn-note"));
    desk.steady = performance.now() + (desk.wrote ? WRITTEN : STEADY);
  }
}

// A key or a click that was on its way under the old order is no vote.
function warnOfOrder(reasons) {
  const ids = (some) => some.map(({ id }) => id).join();
  if (ids(desk.data.reasons) === ids(reasons)) return;
  desk.reordered = performance.now() + WRITTEN;
  desk.failed.push({ message: REORDERED, until: performance.now() + AGAIN });
}

// What was typed stands in the record once it is kept, also when its vote is taken back.
function forgetKept() {
  for (const [id, words] of desk.typed) {
    const waits = desk.pause.has(id) || [...desk.acts, ...desk.failed].some((each) => each.record === id);
    if (waits) continue;
    desk.typed.delete(id);
    if (desk.known.has(id)) desk.known.set(id, { ...desk.known.get(id), ...words });
  }
}

function paint() {
  if (!desk.data) return;
  const state = view();
  document.documentElement.toggleAttribute("data-screening-ahead", desk.data.beside && state.ahead);
  for (const [part, root] of Object.entries(desk.places)) PARTS[part](root, state);
  read();
}

const waits = () => (desk.acts.length > 0 ? performance.now() - desk.acts[0].at : 0);

addEventListener("pagehide", leave);
addEventListener("beforeunload", (event) => {
  leave(); // signing out ends the session before the page is gone
  if (waits() > SAVING) event.preventDefault();
});

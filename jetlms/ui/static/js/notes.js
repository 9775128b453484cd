// One's own note at a lesson: saved while it is typed. Without this file the same form works by ordinary posting.
import { drop, flush, kept, put, waiting } from "./outbox.js";
import { say, unsaved } from "./saved.js";

const box = document.querySelector("[data-around]");
const form = box?.querySelector("[data-note]");
const words = box?.dataset ?? {};
let timer = 0;

if (form) start();

function start() {
  restore();
  form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(save, 700); });
  form.addEventListener("submit", (event) => { event.preventDefault(); save(); });
  window.addEventListener("online", () => flush(told));
  window.addEventListener("pagehide", () => timer && save());
  if (waiting().some(mine)) flush(told);
  document.documentElement.dataset.notesReady = "yes";
}

function mine(entry) { return entry.slot === "note" && new URL(entry.url, location).href === form.action; }

function save() {
  clearTimeout(timer);
  timer = 0;
  form.dataset.seq = String(Number(form.dataset.seq) + 1);
  put(form.action, { text: form.elements.text.value, seq: form.dataset.seq }, "note");
  say(words.saving);
  flush(told);
}

function told(state, entry, answer) {
  if (state !== "saved") unsaved(state, answer, words);
  else if (answer.stale) say(words.stale, true);
  else say(`${words.savedWord} ${answer.saved_at}`);
}

// Put back what was typed and has not arrived yet; forget what the server has in a newer state.
function restore() {
  for (const entry of kept().filter(mine)) {
    if (Number(entry.fields.seq) <= Number(form.dataset.seq)) { drop(entry.url); continue; }
    form.dataset.seq = entry.fields.seq;
    form.elements.text.value = entry.fields.text;
    form.closest("details").open = true;
  }
}

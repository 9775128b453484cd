// The workbench with a script: the text is saved while it is typed, Ctrl+Enter commits, a suggestion is one press away.
// Without this file the same forms work by ordinary posting.
import { drop, flush, kept, purge, put, waiting } from "./outbox.js";
import { say, unsaved } from "./saved.js";

const root = document.querySelector("[data-workbench]");
const words = root?.dataset ?? {};
const timers = new Map();

if (root) start();

function start() {
  restore();
  purge();
  root.addEventListener("input", typed);
  root.addEventListener("keydown", pressed);
  root.addEventListener("submit", submitted);
  root.addEventListener("click", used);
  for (const button of root.querySelectorAll("[data-use]")) button.hidden = false;
  window.addEventListener("online", () => flush(told));
  window.addEventListener("pagehide", () => { for (const [form, timer] of timers) { clearTimeout(timer); save(form); } });
  setInterval(() => waiting().length && flush(told), 15000);
  if (waiting().length) flush(told);
  document.documentElement.dataset.workbenchReady = "yes";
}

function typed(event) {
  const form = event.target.closest("[data-translate]");
  if (!form) return;
  clearTimeout(timers.get(form));
  timers.set(form, setTimeout(() => save(form), 700));
}

// Enter writes a line; Enter that ends a Japanese conversion is the input method's own.
function pressed(event) {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing || event.keyCode === 229) return;
  const form = event.target.closest("[data-translate]");
  if (!form) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector("[name=commit]"));
}

function count(form) {
  const segment = form.closest("[data-segment]");
  segment.dataset.seq = String(Number(segment.dataset.seq) + 1);
  return segment.dataset.seq;
}

function save(form) {
  timers.delete(form);
  put(form.action, { text: form.elements.text.value, seq: count(form) }, "segment");
  say(words.saving);
  flush(told);
}

function submitted(event) {
  const form = event.target.closest("[data-translate]");
  if (!form) return;
  clearTimeout(timers.get(form));
  timers.delete(form);
  put(form.action, { text: form.elements.text.value, seq: count(form) }, "segment");     // in case the page it leads to does not come
  form.elements.seq.value = count(form);
}

function used(event) {
  const button = event.target.closest("[data-use]");
  if (!button) return;
  const field = button.closest("[data-segment]").querySelector("textarea");
  field.value = button.parentElement.querySelector("[data-suggestion]").textContent;
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function told(state, entry, answer) {
  const form = [...root.querySelectorAll("[data-translate]")].find((f) => f.action === new URL(entry.url, location).href);
  if (state === "saved") {
    if (answer.stale) { say(words.stale); return; }
    say(`${words.savedWord} ${answer.saved_at}`);
    const place = form?.querySelector("[data-findings]");
    if (place) place.innerHTML = answer.findings;           // our own template, from the same origin
  } else unsaved(state, answer, words);
}

// Put back what was typed and has not arrived yet; forget what the server has in a newer state.
function restore() {
  for (const entry of kept()) {
    const form = [...root.querySelectorAll("[data-translate]")].find((f) => f.action === new URL(entry.url, location).href);
    if (!form) continue;
    const segment = form.closest("[data-segment]");
    if (Number(entry.fields.seq) <= Number(segment.dataset.seq)) { drop(entry.url); continue; }
    segment.dataset.seq = entry.fields.seq;
    form.elements.text.value = entry.fields.text;
  }
}

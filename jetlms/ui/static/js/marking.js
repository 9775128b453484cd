// Marking with a script: the draft is saved while it is made, a letter chooses the kind of error, snippets are one press away.
import { flush, kept, purge, put, waiting } from "./outbox.js";
import { say, unsaved } from "./saved.js";

const root = document.querySelector("[data-marking]");
const words = root?.dataset ?? {};
const rubric = document.querySelector("[data-rubric]");
let timer = 0;

if (root) start();

function start() {
  for (const hidden of root.querySelectorAll("[data-snippets], [data-now], [data-keys]")) hidden.hidden = false;
  purge();
  restore();
  root.addEventListener("click", pressed);
  root.addEventListener("keydown", lettered);
  document.addEventListener("keydown", handed);
  rubric?.addEventListener("keydown", levelled);
  rubric?.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(save, 700); });
  rubric?.addEventListener("submit", () => { clearTimeout(timer); rubric.elements.seq.value = count(); });
  window.addEventListener("online", () => flush(told));
  window.addEventListener("pagehide", () => { if (timer) save(); });
  if (waiting().length) flush(told);
  document.documentElement.dataset.markingReady = "yes";
}

// A page left in the very moment of a save comes from the server as it was before: show what this browser knows better.
function restore() {
  const entry = rubric && kept().find((e) => new URL(e.url, location).href === rubric.action);
  if (!entry || Number(entry.fields.seq) < Number(rubric.dataset.seq)) return;
  rubric.dataset.seq = entry.fields.seq;
  for (const [name, value] of Object.entries(entry.fields)) {
    const field = rubric.querySelector(name === "remark" ? "[name=remark]" : `[name="${name}"][value="${value}"]`);
    if (name === "remark") field.value = value;
    else if (field?.type === "radio") field.checked = true;
  }
}

function count() { rubric.dataset.seq = String(Number(rubric.dataset.seq) + 1); return rubric.dataset.seq; }

function save() {
  clearTimeout(timer);
  timer = 0;
  const fields = Object.fromEntries([...new FormData(rubric)].filter(([name]) => name.startsWith("score-") || name === "remark"));
  put(rubric.action, { ...fields, seq: count() }, "mark");
  say(words.saving);
  flush(told);
}

function told(state, _entry, answer) {
  if (state === "saved") say(answer.stale ? words.stale : `${words.savedWord} ${answer.saved_at}`);
  else unsaved(state, answer, words);
}

function pressed(event) {
  const button = event.target.closest("button");
  const place = button?.closest(".segment");
  if (button?.matches("[data-snippet]")) {
    const field = button.closest("form").elements.text;
    field.value = `${field.value}${field.value ? " " : ""}${button.textContent}`;
    field.focus();
  } else if (button?.matches("[data-now]")) {
    button.closest("form").elements.second.value = place.querySelector("audio").currentTime.toFixed(1);
  } else if (button?.matches("[data-jump]")) {
    const sound = place.querySelector("audio");
    sound.currentTime = Number(button.dataset.jump);
    sound.play();
  }
}

// a, t, r, o, f with Alt: the kind of error of the comment that is being written.
const KINDS = { KeyA: "accuracy", KeyT: "terminology", KeyR: "register", KeyO: "omission", KeyF: "fluency" };
function lettered(event) {
  const form = event.target.closest("[data-comment]");
  if (!form || !event.altKey || event.isComposing || !KINDS[event.code]) return;
  event.preventDefault();
  form.querySelector(`[name=error][value=${KINDS[event.code]}]`).checked = true;
}

// A digit on a criterion chooses its level and goes on to the next one; after the last comes the remark.
function levelled(event) {
  const group = event.target.closest("fieldset");
  const level = event.altKey || event.ctrlKey || event.metaKey ? null : group?.querySelector(`input[value="${event.key}"]`);
  if (!level || event.target.type !== "radio") return;
  event.preventDefault();
  level.checked = true;
  level.dispatchEvent(new Event("input", { bubbles: true }));
  const next = group.nextElementSibling;
  (next?.querySelector("input:checked") ?? next?.querySelector("input, textarea"))?.focus();
}

// Ctrl+Enter (⌘ on a Mac) takes the test, later returns it; in a comment it adds the comment.
function handed(event) {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
  const form = event.target.closest?.("[data-comment]") ?? root.querySelector("[data-take]") ?? rubric;
  if (!form) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector("[name=finish]") ?? form.querySelector("button[type=submit]"));
}

// Marking with a script: the draft is saved while it is made, a letter chooses the kind of error, snippets are one press away.
import { flush, put, waiting } from "./outbox.js";
import { say, unsaved } from "./saved.js";

const root = document.querySelector("[data-marking]");
const words = root?.dataset ?? {};
const rubric = document.querySelector("[data-rubric]");
let timer = 0;

if (root) start();

function start() {
  for (const hidden of root.querySelectorAll("[data-snippets], [data-now]")) hidden.hidden = false;
  root.addEventListener("click", pressed);
  root.addEventListener("keydown", lettered);
  rubric?.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(save, 700); });
  rubric?.addEventListener("submit", () => { clearTimeout(timer); rubric.elements.seq.value = count(); });
  window.addEventListener("online", () => flush(told));
  window.addEventListener("pagehide", () => { if (timer) save(); });
  if (waiting().length) flush(told);
  document.documentElement.dataset.markingReady = "yes";
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

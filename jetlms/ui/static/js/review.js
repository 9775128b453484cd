// The daily review with a script: one card after the other, keys, answers that wait for the connection. Without it the same cards
// stand in a list.
import { flush, put, waiting } from "./outbox.js";
import { say, unsaved } from "./saved.js";

const root = document.querySelector("[data-review]");
const words = root?.dataset ?? {};
const find = (place, name) => place.querySelector(`[data-${name}]`);
const voice = () => window.speechSynthesis?.getVoices().find((v) => v.lang.startsWith("ja"));
let queue = [];
let shown = 0;
let done = 0;

if (root) start();

function start() {
  queue = [...root.querySelectorAll("[data-card]")];
  if (waiting().length) flush(told);
  window.addEventListener("online", () => flush(told));
  document.documentElement.dataset.reviewReady = "yes";
  if (!queue.length) return;
  for (const card of queue) card.hidden = true;
  find(root, "bar").hidden = false;
  find(root, "keys").hidden = false;
  root.addEventListener("submit", rated);
  root.addEventListener("click", pressed);
  root.addEventListener("toggle", turned, true);
  document.addEventListener("keydown", keyed);
  next();
}

function next() {
  const card = queue[0];
  find(root, "count").value = done;
  find(root, "left").textContent = String(queue.length);
  if (!card) { find(root, "finished").hidden = false; find(root, "keys").hidden = true; return; }
  card.hidden = false;
  find(card, "back").open = false;
  find(card, "verdict").textContent = "";
  const field = find(card, "typed");
  if (field) { field.value = ""; field.focus(); } else card.querySelector("summary").focus();
  const speak = find(card, "speak");
  speak.hidden = !speak.dataset.speak || !voice();
  shown = performance.now();
}

function rated(event) {
  const form = event.target.closest("[data-rate]");
  if (!form) return;
  event.preventDefault();
  const card = form.closest("[data-card]");
  const rating = event.submitter?.value ?? "3";
  put(form.action, { rating, text: find(card, "typed")?.value ?? "", took: Math.round(performance.now() - shown) });
  flush(told);
  card.hidden = true;
  queue.shift();
  if (rating === "1") queue.push(card); else done += 1;       // what was not known comes again at the end
  next();
}

function told(state, _entry, answer) {
  if (state === "saved") say(words.savedWord); else unsaved(state, answer, words);
}

// The answer is open: say how near what was typed came.
function turned(event) {
  const card = event.target.closest("[data-card]");
  if (!card || !event.target.open) return;
  const field = find(card, "typed");
  const accept = JSON.parse(card.dataset.accept || "[]");
  if (!field?.value.trim() || !accept.length) return;
  const typed = fold(field.value);
  const best = Math.min(...accept.map((word) => distance(typed, fold(word))));
  find(card, "verdict").textContent = best === 0 ? words.right : best === 1 ? `${words.nearly} ${field.value} → ${accept[0]}` : words.wrong;
}

// As the server folds: width, case, katakana as hiragana, no spaces.
export function fold(text) {
  return text.normalize("NFKC").toLowerCase().replace(/[\u30a1-\u30f6]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0x60)).replace(/\s+/g, "").replace(/[。．.!！?？]+$/, "");
}

function distance(a, b) {
  let row = [...Array(b.length + 1).keys()];
  for (let i = 1; i <= a.length; i += 1) {
    const fresh = [i];
    for (let j = 1; j <= b.length; j += 1) fresh[j] = Math.min(row[j] + 1, fresh[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    row = fresh;
  }
  return row[b.length];
}

function keyed(event) {
  const card = queue[0];
  if (!card || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.keyCode === 229) return;
  const back = find(card, "back");
  if (event.target.matches("input")) {                        // Enter shows the answer; Enter that ends a conversion does not
    if (event.key === "Enter") { event.preventDefault(); back.open = true; card.querySelector("summary").focus(); }
  } else if (event.key === " " && !event.target.matches("button, summary, a")) { event.preventDefault(); back.open = !back.open; }
  else if (back.open && /^[1-4]$/.test(event.key)) card.querySelector(`[name=rating][value="${event.key}"]`).click();
}

function pressed(event) {
  const button = event.target.closest("[data-speak]");
  if (!button) return;
  const saying = new SpeechSynthesisUtterance(button.dataset.speak);
  saying.lang = "ja-JP";
  saying.voice = voice() ?? null;
  speechSynthesis.speak(saying);
}

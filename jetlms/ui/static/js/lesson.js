// A lesson or a test with a script: one screen at a time without reloading, each answer saved as it is given. Without this file
// the same forms work by ordinary posting.
import { flush, kept, purge, put, waiting } from "./outbox.js";
import { say, unsaved } from "./saved.js";

const root = document.querySelector("[data-lesson]");
const words = root?.dataset ?? {};

if (root) start();

function start() {
  restore();
  purge();
  root.addEventListener("keydown", composing, true);
  root.addEventListener("submit", submitted);
  root.addEventListener("input", changed);
  root.addEventListener("change", changed);
  root.addEventListener("click", clicked);
  window.addEventListener("online", () => flush(told));
  window.addEventListener("popstate", () => show(Number(new URL(location).searchParams.get("screen")) || 1, false));
  window.addEventListener("pagehide", () => waiting().length && flush(told));
  setInterval(() => waiting().length && flush(told), 15000);
  if (waiting().length) flush(told);
  document.documentElement.dataset.lessonReady = "yes";
}

// Enter that confirms a Japanese conversion is not Enter; and no Enter in a test hands it in.
function composing(event) {
  if (event.key !== "Enter" || event.target.tagName !== "INPUT") return;
  if (event.isComposing || event.keyCode === 229) { event.preventDefault(); event.stopPropagation(); return; }
  const form = event.target.form;
  if (form?.matches("[data-attempt]")) { event.preventDefault(); saveQuestion(event.target.closest("[data-question]")); }
}

function submitted(event) {
  const form = event.target;
  if (form.matches("[data-seen]")) { event.preventDefault(); next(form); }
  else if (form.matches("[data-practice]")) { event.preventDefault(); saveQuestion(form); }
  else if (form.matches("[data-attempt]")) handIn(event, form);
}

function next(form) {
  const screen = Number(form.elements.screen.value);
  put(form.action, { screen: String(screen) }, `screen-${screen}`);
  const last = screen + 1 >= Number(words.screens);
  flush((...all) => { told(...all); if (last && !waiting().length) location.assign(`${location.pathname}?screen=end`); });
  if (!last) show(screen + 2, true);
}

function show(number, push) {
  const screens = [...root.querySelectorAll("[data-screen]")];
  const target = screens.find((s) => Number(s.dataset.screen) === number);
  if (!target) return;
  for (const s of screens) s.hidden = s !== target;
  const url = new URL(location);
  url.searchParams.set("screen", String(number));
  if (push) history.pushState({}, "", url);
  const bar = document.querySelector("[data-screens-bar]");
  if (bar) { bar.value = number; bar.nextElementSibling && (bar.nextElementSibling.textContent = `${number} / ${words.screens}`); }
  for (const link of document.querySelectorAll("a[hreflang]")) {
    const there = new URL(link.href); there.searchParams.set("screen", String(number)); link.href = there;
  }
  const heading = target.querySelector("h2, h3, p, legend");
  heading?.setAttribute("tabindex", "-1");
  heading?.focus({ preventScroll: true });
  window.scrollTo({ top: 0 });
}

function clicked(event) {
  const back = event.target.closest("[data-back]");
  if (back) { event.preventDefault(); show(Number(back.dataset.back), true); }
}

const timers = new Map();
function changed(event) {
  const question = event.target.closest("[data-question]");
  if (!question || event.target.type === "file" || event.target.dataset.check !== undefined) return;
  if (!question.closest("[data-attempt]")) return;         // practice is sent by its own button
  clearTimeout(timers.get(question));
  const soon = event.type === "change" || event.target.type === "radio" || event.target.type === "checkbox" ? 0 : 700;
  timers.set(question, setTimeout(() => saveQuestion(question), soon));
}

function saveQuestion(question) {
  if (!question) return;
  clearTimeout(timers.get(question));
  const form = question.matches("form") ? question : question.closest("form");
  const fields = { question: question.dataset.question, number: words.number ?? "0" };
  const seq = Number(question.dataset.seq) + 1;
  question.dataset.seq = String(seq);
  fields.seq = String(seq);
  const pairs = new URLSearchParams(fields);
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && (name === fields.question || name.startsWith(`${fields.question}.`))) pairs.append(name, value);
  }
  put(words.answerUrl, [...pairs], `answer-${fields.question}-${fields.number}`);
  say(words.saving);
  flush(told);
}

function told(state, entry, answer) {
  const key = entry.slot?.startsWith("answer-") ? new URLSearchParams(entry.fields).get("question") : "";
  const question = key ? root.querySelector(`[data-question="${key}"]`) : null;
  if (state === "saved") {
    if (answer.stale) { say(words.stale); return; }
    if (answer.saved_at) say(`${words.savedWord} ${answer.saved_at}`);
    if (question && answer.feedback) feedback(question, answer);
    question?.setAttribute("data-answered", "yes");
  } else unsaved(state, answer, words);
}

function feedback(question, answer) {
  const place = question.querySelector("[data-feedback]");
  if (!place) return;
  place.innerHTML = answer.feedback;                       // our own template, from the same origin
  place.closest("[data-question]").dataset.right = String(answer.right);
  place.focus?.({ preventScroll: true });
}

// Put back what was typed and has not arrived yet.
function restore() {
  for (const entry of kept()) {
    if (!entry.slot?.startsWith("answer-") || new URL(entry.url, location).pathname !== new URL(words.answerUrl, location).pathname) continue;
    const fields = new URLSearchParams(entry.fields);
    if (fields.get("number") !== (words.number ?? "0")) continue;
    const question = root.querySelector(`[data-question="${fields.get("question")}"]`);
    if (!question || Number(fields.get("seq")) <= Number(question.dataset.seq)) continue;
    question.dataset.seq = fields.get("seq");
    const names = new Set(fields.keys());
    for (const input of question.querySelectorAll("input, select, textarea")) {
      if (!names.has(input.name)) continue;
      if (input.type === "radio" || input.type === "checkbox") input.checked = fields.getAll(input.name).includes(input.value);
      else if (input.type !== "file") input.value = fields.get(input.name);
    }
  }
}

function handIn(event, form) {
  if (event.submitter?.name !== "hand_in") return;
  if (waiting().some((entry) => entry.slot?.startsWith("answer-")) && !navigator.onLine) {
    event.preventDefault();
    say(words.offline, true);
    return;
  }
  for (const timer of timers.values()) clearTimeout(timer);   // the form itself carries every answer
}

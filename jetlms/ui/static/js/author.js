// The editor with a script: the text is saved while it is typed, buttons insert what is hard to remember, the preview follows.
// Without this file the same form works by ordinary posting.
import { drop, flush, kept, purge, put, waiting } from "./outbox.js";
import { say, unsaved } from "./saved.js";

const QUESTIONS = {
  choice: "\n\n- [x] \n  > \n- [ ] \n  > \n\n>> \n", multi: "\n\n- [x] \n  > \n- [x] \n  > \n- [ ] \n  > \n\n>> \n",
  truefalse: "\n\n= true :: \n! false :: \n", text: " lang=ja fold=kana,width,case,space\n\n\n= \n", number: "\n\n\n= 45 ± 5\n",
  cloze: "\n [[=answer|other answer]] \n", match: "\n\n- left -> right\n- left -> right\n- left -> right\n", order: "\n\n1. \n2. \n3. \n",
  essay: " min=100 max=1500\n\n\n>> \n",
};
const form = document.querySelector("[data-editor]");
const field = form?.elements.text;
const words = form?.dataset ?? {};
let timer = 0;
let count = 0;
let clash = form ? "clash" in form.dataset : false;

if (form) start();

function start() {
  restore();
  purge();
  field.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(save, 900); });
  form.addEventListener("submit", () => { clearTimeout(timer); form.elements.count.value = clash ? "" : String(++count); drop(form.action); window.removeEventListener("beforeunload", hold); });
  const bar = form.querySelector("[data-toolbar]");
  if (bar) {
    bar.hidden = false;
    bar.addEventListener("click", pressed);
    bar.addEventListener("change", chosen);
  }
  document.addEventListener("selectionchange", where);
  document.addEventListener("click", went);
  window.addEventListener("online", () => flush(told));
  window.addEventListener("pagehide", () => { if (timer) { clearTimeout(timer); save(); } });
  setInterval(() => waiting().length && flush(told), 15000);
  if (waiting().length) flush(told);
  if (Number(words.line)) go(Number(words.line));
  document.documentElement.dataset.authorReady = "yes";
}

// After a clash nothing is sent by itself: what the other has written is seen first.
function save() {
  timer = 0;
  if (clash) return;
  put(form.action, { text: field.value, base: form.elements.base.value, window: form.elements.window.value, count: String(++count) }, "file");
  say(words.saving);
  flush(told);
}

function told(state, entry, answer) {
  if (new URL(entry.url, location).href !== form.action) return;
  if (state === "refused" && answer?.status === 409) { stop(answer); return; }
  if (state !== "saved") { unsaved(state, answer, words); return; }
  say(`${words.savedWord} ${answer.saved_at}`);
  document.querySelector("[data-findings]").innerHTML = answer.findings;       // our own templates, from the same origin
  for (const [lang, html] of Object.entries(answer.views)) {
    const place = document.querySelector(`[data-view="${lang}"]`);
    if (place) place.innerHTML = html;
  }
}

function stop(answer) {
  clash = true;
  window.addEventListener("beforeunload", hold);
  say(answer.title, true);
  const button = document.createElement("button");
  button.className = "button button-small";
  button.textContent = words.compare;
  form.querySelector("[data-saved]").append(" ", button);
}

function hold(event) { event.preventDefault(); }

// Put back what was typed and has not arrived yet, as the page that typed it.
function restore() {
  const entry = kept().find((e) => new URL(e.url, location).href === form.action);
  if (!entry) return;
  field.value = entry.fields.text;
  form.elements.window.value = entry.fields.window;
  form.elements.base.value = entry.fields.base;
  count = Number(entry.fields.count);
}

function insert(text, from, to) {
  field.focus();
  field.setSelectionRange(from, to);
  if (!document.execCommand?.("insertText", false, text)) {                     // the one way that keeps undo
    field.setRangeText(text, from, to, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function pressed(event) {
  const button = event.target.closest("button");
  if (!button) return;
  const { selectionStart: from, selectionEnd: to } = field;
  if (button.dataset.insert) { insert(button.dataset.insert, from, to); return; }
  const marked = field.value.slice(from, to);
  const [left, right] = button.dataset.around === "**|**" ? ["**", "**"] : ["{", "|}"];
  insert(left + marked + right, from, to);
  const caret = from + left.length + (marked && left === "{" ? marked.length + 1 : marked.length);
  field.setSelectionRange(caret, caret);
}

function chosen(event) {
  const { selectionStart: from, selectionEnd: to } = field;
  const { value } = event.target;
  event.target.value = "";
  if (!value) return;
  if (event.target.matches("[data-term]")) {
    const marked = field.value.slice(from, to);
    insert(`[[term:${value}${marked ? `|${marked}` : ""}]]`, from, to);
  } else {
    const before = from && field.value[from - 1] !== "\n" ? "\n\n" : "";
    const head = `${before}::: question id=? type=${value}`;
    const body = QUESTIONS[value];
    insert(`${head}${body}:::\n`, from, to);
    const caret = from + head.length + body.indexOf("\n") + 1;
    field.setSelectionRange(caret, caret);
  }
}

function where() {
  const place = form.querySelector("[data-line-now]");
  if (place && document.activeElement === field) place.textContent = `${words.lineWord} ${field.value.slice(0, field.selectionStart).split("\n").length}`;
}

function went(event) {
  const link = event.target.closest("[data-go]");
  if (!link) return;
  event.preventDefault();
  go(Number(link.dataset.go));
}

// Show a line: mark it, and bring it into sight. A field does not scroll to its selection, so the height of the text above is measured.
function go(line) {
  const lines = field.value.split("\n");
  const from = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
  const text = field.value;
  field.value = text.slice(0, from);
  const above = field.scrollHeight;
  field.value = text;
  field.focus();
  field.setSelectionRange(from, from + (lines[line - 1] ?? "").length);
  field.scrollTop = Math.max(above - field.clientHeight / 2, 0);
}

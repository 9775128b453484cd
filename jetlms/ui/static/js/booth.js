// The booth with a script: hear a part, speak, listen to oneself, send. Without it: the players of the page, and files.
import { close, level, listen, ready, seconds, wav, wrong } from "./recorder.js";
import { forget, keep, send, waiting } from "./upload.js";

const root = document.querySelector("[data-booth]");
const words = root?.dataset ?? {};
const find = (part, name) => part.querySelector(`[data-${name}]`);
let running = null;           // {part, pieces}: what is being recorded
const heard = new Map();      // part → blob that waits to be sent
let resuming = false;

if (root) start();

function start() {
  if (find(root, "check")) find(root, "check").hidden = false;
  for (const box of root.querySelectorAll("[data-recorder]")) box.hidden = false;
  root.addEventListener("click", pressed);
  for (const speech of root.querySelectorAll("[data-speech]")) speech.addEventListener("timeupdate", () => ended(speech));
  const pad = find(root, "pad");
  if (pad) {
    const name = `jetlms.pad.${words.item}`;
    try { pad.value = localStorage.getItem(name) ?? ""; } catch { /* no store */ }
    pad.addEventListener("input", () => { try { localStorage.setItem(name, pad.value); } catch { /* no store */ } });
  }
  window.addEventListener("online", resume);
  window.addEventListener("pagehide", close);
  resume();
  document.documentElement.dataset.boothReady = "yes";
}

function pressed(event) {
  const button = event.target.closest("button");
  const part = button?.closest("[data-part]");
  if (button?.matches("[data-mic]")) check();
  else if (button?.matches("[data-jump]")) jump(part, Number(button.dataset.jump));
  else if (!part) return;
  else if (button.matches("[data-record]")) record(part);
  else if (button.matches("[data-stop]")) stop();
  else if (button.matches("[data-discard]")) discard(part);
  else if (button.matches("[data-send]")) deliver(part);
}

function jump(part, second) {
  const take = part.querySelector(".take audio");
  if (!take) return;
  take.currentTime = second;
  take.play();
}

async function microphone() {
  const place = find(root, "mic-wrong");
  try {
    await ready(words.worklet);
    place.hidden = true;
    return true;
  } catch (error) {
    place.textContent = error.name === "NotAllowedError" || error.name === "SecurityError" ? words.refused : words.none;
    place.hidden = false;
    place.scrollIntoView({ block: "nearest" });
    return false;
  }
}

async function check() {
  if (!await microphone()) return;
  const meter = find(root, "check-level");
  meter.hidden = false;
  listen((samples) => { meter.value = level(samples); });
}

// The player stops by itself at the end of its part; some browsers do not know how, so we stop it.
function ended(speech) {
  const part = speech.closest("[data-part]");
  if (speech.paused && speech.currentTime < Number(part.dataset.to) - 0.3) return;
  if (speech.currentTime < Number(part.dataset.to) - 0.05) return;
  speech.pause();
  speech.currentTime = Number(part.dataset.from);
  if (words.mode === "shadowing") { if (running?.part === part) setTimeout(stop, 1500); }
  else if (find(root, "auto")?.checked && !running) record(part);
}

async function record(part) {
  if (running || !await microphone()) return;
  for (const player of root.querySelectorAll("audio")) player.pause();
  discard(part);
  running = { part, pieces: [] };
  const box = find(part, "recorder"), meter = find(part, "level"), clock = find(part, "clock");
  box.classList.add("is-recording");
  find(part, "record").hidden = true;
  find(part, "stop").hidden = false;
  find(part, "stop").focus();
  meter.hidden = false;
  tell(part, words.speak);
  listen((samples) => {
    if (!running) return;
    running.pieces.push(samples);
    meter.value = level(samples);
    clock.textContent = `${Math.floor(seconds(running.pieces))} ${words.at}`;
    if (seconds(running.pieces) > 299) stop();
  });
  if (words.mode === "shadowing") find(part, "speech")?.play();
  if (words.mode === "sight") scroll(part);
}

function stop() {
  if (!running) return;
  const { part, pieces } = running;
  running = null;
  listen(() => {});
  find(part, "speech")?.pause();
  find(part, "recorder").classList.remove("is-recording");
  find(part, "record").hidden = false;
  find(part, "stop").hidden = true;
  find(part, "level").hidden = true;
  const fault = wrong(pieces);
  if (fault) { tell(part, words[fault], true); find(part, "record").focus(); return; }
  const blob = wav(pieces);
  heard.set(part, blob);
  find(part, "heard").src = URL.createObjectURL(blob);
  find(part, "preview").hidden = false;
  find(part, "record").classList.add("button-quiet");         // now sending is what comes next
  find(part, "send").focus();
  tell(part, "");
}

function discard(part) {
  heard.delete(part);
  find(part, "preview").hidden = true;
  find(part, "clock").textContent = "";
  tell(part, "");
}

async function deliver(part) {
  const blob = heard.get(part);
  if (!blob) return;
  find(part, "preview").hidden = true;
  await go(part, await keep(part.dataset.url, blob));
}

async function go(part, entry) {
  const bar = find(part, "progress");
  bar.hidden = false;
  tell(part, words.sending);
  try {
    await send(entry, (share) => { bar.value = share; });
    heard.delete(part);
    tell(part, words.sent);
    // The page of the take: script, models and rating. Not while another part waits to be sent or is being recorded.
    if (!running && !heard.size) { location.hash = part.id; location.reload(); }
  } catch (error) {
    if (error.state === "refused") { heard.delete(part); tell(part, error.title || words.failed, true); }
    else if (error.state === "signedOut") tell(part, words.signedOut, true, true);
    else { tell(part, words.offline, true); setTimeout(resume, 15000); }
  }
  bar.hidden = true;
}

// What was recorded before a reload, or while there was no connection.
async function resume() {
  if (resuming) return;
  resuming = true;
  for (const entry of await waiting()) {
    const part = [...root.querySelectorAll("[data-part]")].find((p) => new URL(p.dataset.url, location).href === new URL(entry.url, location).href);
    if (!part) continue;
    if (!find(part, "recorder")) { await forget(entry.key); continue; }         // handed in since
    tell(part, words.waiting);
    await go(part, entry);
  }
  resuming = false;
}

function tell(part, text, urgent = false, signIn = false) {
  const place = find(part, "told");
  place.textContent = text;
  place.classList.toggle("field-error", urgent);
  if (!signIn) return;
  const link = document.createElement("a");
  link.href = `/sign-in?next=${encodeURIComponent(location.pathname)}`;
  link.textContent = words.signIn;
  place.append(" ", link);
}

// Sight translation: the text moves on while she speaks, in the time it takes to say it.
function scroll(part) {
  const box = find(part, "scroller"), pace = Number(find(root, "pace")?.value ?? 0);
  if (!pace) return;
  const perSecond = box.lang === "ja" || box.lang === "zh" ? 5 : 13;             // characters
  const lasts = 1000 * box.textContent.trim().length / perSecond / pace;
  const begun = performance.now();
  box.scrollTop = 0;
  const step = (now) => {
    if (running?.part !== part) return;
    box.scrollTop = (box.scrollHeight - box.clientHeight) * Math.min(1, (now - begun) / lasts);
    if (now - begun < lasts) requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
}

// Answers on their way: kept in this browser until the server has said "saved". A lost connection, a reload, a closed tab or an
// expired sign-in leaves them here; they are sent when the page is open again and the server answers.
const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.content ?? "";
const reader = meta("reader");
const STORE = `jetlms.outbox.${reader}`;

// Everything kept: what waits, and for a few seconds what has just been saved (a page that reloads at that very moment may have
// been rendered before the answer arrived, and shows it from here).
export function kept() {
  try { return JSON.parse(localStorage.getItem(STORE) ?? "[]"); } catch { return []; }
}

export function waiting() { return kept().filter((entry) => !entry.done); }

const FRESH = 10000;
export function purge() { keep(kept().filter((entry) => !entry.done || Date.now() - entry.done < FRESH)); }

function keep(entries) {
  try {
    if (entries.length) localStorage.setItem(STORE, JSON.stringify(entries));
    else localStorage.removeItem(STORE);
  } catch { /* a full or forbidden store: what is in the page is still sent */ }
}

// Put one act in. A newer answer to the same question replaces an older one that has not gone yet.
export function put(url, fields, slot) {
  const entry = { event: crypto.randomUUID?.() ?? fallbackId(), url, slot, fields, at: new Date().toISOString() };
  keep([...kept().filter((old) => !slot || old.slot !== slot || old.url !== url), entry]);
  return entry;
}

function fallbackId() { // randomUUID needs a secure context; getRandomValues does not
  const b = crypto.getRandomValues(new Uint8Array(16));
  b[6] = (b[6] & 0x0f) | 0x40; b[8] = (b[8] & 0x3f) | 0x80;
  const hex = [...b].map((x) => x.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
}

// Take out what waits for an address: the server has something newer.
export function drop(url) { keep(kept().filter((entry) => entry.url !== url)); }

function remove(event) { keep(kept().filter((entry) => entry.event !== event)); }

function saved(event) {
  keep(kept().map((entry) => (entry.event === event ? { ...entry, done: Date.now() } : entry)));
  setTimeout(purge, FRESH + 50);
}

let sending = false;
let again = false;

// Send what waits, oldest first. `told(state, entry, answer)`: state is "saved", "refused", "signed-out" or "offline".
export async function flush(told) {
  if (sending) { again = true; return; }
  sending = true;
  try {
    for (const entry of waiting()) {
      const state = await send(entry, told);
      if (state === "offline" || state === "signed-out") break;
    }
  } finally {
    sending = false;
    if (again) { again = false; flush(told); }
  }
}

async function send(entry, told) {
  const body = new URLSearchParams(entry.fields);
  body.set("event", entry.event);
  body.set("at", entry.at);
  let response;
  try {
    response = await fetch(entry.url, {
      method: "POST", body, credentials: "same-origin", redirect: "manual", signal: AbortSignal.timeout?.(15000),
      headers: { Accept: "application/json", "X-CSRFToken": meta("csrf-token") },
    });
  } catch {
    told("offline", entry);
    return "offline";
  }
  const answer = await response.json().catch(() => ({}));
  if (response.ok) {
    saved(entry.event);
    told("saved", entry, answer);
    return "saved";
  }
  if (response.status === 401 || response.type === "opaqueredirect" || (response.status === 400 && !entry.retried)) {
    entry.retried = response.status === 400; // a 400 is mostly an old form token: tried once more after the next page load
    keep(kept().map((old) => (old.event === entry.event ? entry : old)));
    told("signed-out", entry);
    return "signed-out";
  }
  if (response.status >= 500 || response.status === 429) {
    told("offline", entry);
    return "offline";
  }
  remove(entry.event);
  told("refused", entry, answer);
  return "refused";
}

// Recordings on their way: kept in this browser until the server's hash of what arrived is the one of what was recorded.
// A lost connection, a reload or a closed tab costs nothing: the pieces that have arrived are not sent again.
const PIECE = 256 * 1024;
const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.content ?? "";
const NAME = `jetlms.takes.${meta("reader")}`;

function database() {
  return new Promise((done, failed) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("take", { keyPath: "key" });
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
}

async function store(mode, act) {
  const base = await database();
  return new Promise((done, failed) => {
    const passage = base.transaction("take", mode);
    const asked = act(passage.objectStore("take"));
    passage.oncomplete = () => { base.close(); done(asked.result); };
    passage.onerror = passage.onabort = () => { base.close(); failed(passage.error); };
  });
}

export async function waiting() { try { return await store("readonly", (takes) => takes.getAll()); } catch { return []; } }

export async function forget(key) { try { await store("readwrite", (takes) => takes.delete(key)); } catch { /* nothing was kept */ } }

// Keep a take, before anything is sent. Without a store (private windows) it is only in the page.
export async function keep(url, blob) {
  const data = await blob.arrayBuffer();
  const hash = [...new Uint8Array(await crypto.subtle.digest("SHA-256", data))].map((b) => b.toString(16).padStart(2, "0")).join("");
  const entry = { key: crypto.randomUUID(), url, data, hash };
  for (const old of await waiting()) if (old.url === url) await forget(old.key);
  try { await store("readwrite", (takes) => takes.put(entry)); } catch { /* sent from the page */ }
  return entry;
}

async function ask(url, body, accept = [200]) {
  const response = await fetch(url, {
    method: body === undefined ? "GET" : "POST", body, credentials: "same-origin", redirect: "manual", signal: AbortSignal.timeout?.(60000),
    headers: { Accept: "application/json", "X-CSRFToken": meta("csrf-token") },
  });
  const answer = await response.json().catch(() => ({}));
  if (accept.includes(response.status)) return { status: response.status, ...answer };
  if (response.status === 401 || response.type === "opaqueredirect") throw Object.assign(new Error(), { state: "signedOut" });
  if (response.status >= 500 || response.status === 429 || response.status === 400) throw Object.assign(new Error(), { state: "offline" });
  throw Object.assign(new Error(), { state: "refused", title: answer.title });
}

// Send what is missing and finish. Raises errors with `state`: offline (try again), signedOut, refused (with `title`).
export async function send(entry, progressed) {
  const address = `${entry.url}/${entry.key}`;
  const pieces = Math.ceil(entry.data.byteLength / PIECE);
  try {
    let there = new Set((await ask(address)).arrived);
    for (let round = 0; round < 3; round += 1) {
      for (let n = 0; n < pieces; n += 1) {
        if (!there.has(n)) await ask(`${address}/${n}`, entry.data.slice(n * PIECE, (n + 1) * PIECE));
        progressed((n + 1) / pieces);
      }
      const answer = await ask(address, new URLSearchParams({ pieces, sha256: entry.hash }), [200, 409]);
      if (answer.sha256 === entry.hash) { await forget(entry.key); return answer; }
      if (!answer.missing) throw Object.assign(new Error(), { state: "refused", title: answer.title });
      there = new Set([...Array(pieces).keys()].filter((n) => !answer.missing.includes(n)));
    }
    throw Object.assign(new Error(), { state: "offline" });
  } catch (error) {
    if (error.state === "refused") await forget(entry.key);
    if (!error.state) error.state = "offline";               // fetch itself failed
    throw error;
  }
}

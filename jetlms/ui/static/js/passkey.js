// Passkeys: a form with data-passkey asks the server what to ask, asks the browser, and sends the answer as an ordinary form.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

function readable(options) {
  const keys = (list) => (list ?? []).map((key) => ({ ...key, id: bytes(key.id) }));
  const found = { ...options, challenge: bytes(options.challenge) };
  if (options.user) found.user = { ...options.user, id: bytes(options.user.id) };
  if (options.excludeCredentials) found.excludeCredentials = keys(options.excludeCredentials);
  if (options.allowCredentials) found.allowCredentials = keys(options.allowCredentials);
  return found;
}

function sendable(credential) {
  const answer = credential.response;
  const response = { clientDataJSON: text(answer.clientDataJSON) };
  for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) if (answer[part]) response[part] = text(answer[part]);
  return JSON.stringify({
    id: credential.id, rawId: text(credential.rawId), type: credential.type, response,
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined, clientExtensionResults: {},
  });
}

async function ask(form) {
  const answer = await fetch(form.dataset.options, { credentials: "same-origin", headers: { Accept: "application/json" } });
  if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
  const publicKey = readable(await answer.json());
  const credential = await (form.dataset.passkey === "create" ? navigator.credentials.create({ publicKey }) : navigator.credentials.get({ publicKey }));
  form.elements.credential.value = sendable(credential);
}

if (window.PublicKeyCredential && navigator.credentials) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    // Before base.js, which lets a form go only once: this one goes when the browser has answered.
    form.addEventListener("submit", async (event) => {
      if (form.elements.credential.value) return;
      event.preventDefault();
      event.stopPropagation();
      const button = form.querySelector("button");
      const trouble = form.querySelector("[data-passkey-error]");
      trouble.hidden = true;
      button.setAttribute("aria-busy", "true");
      try {
        await ask(form);
        form.requestSubmit();
      } catch {
        trouble.hidden = false;
      } finally {
        button.removeAttribute("aria-busy");
      }
    });
  }
  for (const note of document.querySelectorAll("[data-no-passkeys]")) note.hidden = true;
}

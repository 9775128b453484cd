// What became of what was typed: one line at the foot of the page, in words the page brings in its data attributes.
const status = document.querySelector("[data-saved]");

export function say(text, urgent = false) {
  if (!status) return;
  status.textContent = text ?? "";
  status.classList.toggle("is-urgent", urgent);
}

// `state` of outbox.flush other than "saved".
export function unsaved(state, answer, words) {
  if (state === "offline") say(words.offline, true);
  else if (state === "signed-out") {
    say(words.signedOut, true);
    const link = document.createElement("a");
    link.href = `/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`;
    link.textContent = words.signIn;
    status?.append(" ", link);
  } else say(answer?.title || words.refused, true);
}

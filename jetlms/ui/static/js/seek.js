// Go to a second of a sound or film: from a line of its transcript, or from a search result (#t=67, of the second player #t=67&m=2).
const players = [...document.querySelectorAll("[data-media]")];

document.addEventListener("click", (event) => {
  const line = event.target.closest("[data-seek]");
  if (!line) return;
  event.preventDefault();
  history.replaceState(history.state, "", line.hash);
  seek(line.hash);
});
seek(location.hash);

function seek(hash) {
  const asked = new URLSearchParams(hash.slice(1));
  const figure = players.find((f) => f.dataset.media === (asked.get("m") ?? "1"));
  const at = Number(asked.get("t"));
  const player = figure?.querySelector("video");
  if (!player || !asked.has("t") || !(at >= 0)) return;
  figure.scrollIntoView({ block: "center" });
  const start = () => { player.currentTime = at; player.play().catch(() => {}); };   // a browser may want a press first: it stands at the place
  if (player.readyState >= 1) start();
  else {
    player.addEventListener("loadedmetadata", start, { once: true });
    player.preload = "auto";
    player.load();
  }
  figure.dataset.at = String(at);
}

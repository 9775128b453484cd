// Small comforts on every page; everything works without them.
document.querySelector("[data-focus]")?.focus();
document.querySelector(".main-nav > ul > li > [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

// What is folded on a phone is open where there is room.
if (matchMedia("(min-width: 64rem)").matches) for (const part of document.querySelectorAll("details[data-open-wide]")) part.open = true;

// A form is sent once; when the page comes back from the history its buttons work again.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.closest("[data-lesson]")) return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "yes";
  form.dataset.dirty = "";
  event.submitter?.setAttribute("aria-busy", "true");
  setTimeout(again, 8000);                  // an answer that is a file leaves this page where it is
});
window.addEventListener("pageshow", again);

function again() {
  for (const form of document.forms) {
    if (!form.dataset.sent) continue;
    delete form.dataset.sent;
    for (const button of form.elements) button.removeAttribute("aria-busy");
  }
}

// Menus close by Escape and by a click beside them.
const MENUS = ".menu[open]";
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll(MENUS)) {
    if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
    menu.open = false;
  }
});
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll(MENUS)) if (!menu.contains(event.target)) menu.open = false;
});

// Somebody who typed into a guarded form is asked before leaving.
const guarded = () => [...document.querySelectorAll("form[data-guard]")];
for (const form of guarded()) form.addEventListener("input", () => { form.dataset.dirty = "yes"; });
window.addEventListener("beforeunload", (event) => {
  if (guarded().some((form) => form.dataset.dirty === "yes")) event.preventDefault();
});

// Times are absolute; how far they are is a hint: "Fri 4 Dec 17:00 JST · in 11 days".
const UNITS = [["year", 31536000], ["month", 2592000], ["day", 86400], ["hour", 3600], ["minute", 60]];
const far = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" });
for (const time of document.querySelectorAll("time[data-relative]")) {
  const seconds = (new Date(time.dateTime) - Date.now()) / 1000;
  const [unit, length] = UNITS.find(([, size]) => Math.abs(seconds) >= size) ?? UNITS.at(-1);
  const hint = document.createElement("span");
  hint.className = "meta";
  hint.textContent = ` · ${far.format(Math.round(seconds / length), unit)}`;
  if (Number.isFinite(seconds)) time.after(hint);
}

// A chosen file is shown at once, before it is sent.
for (const input of document.querySelectorAll("input[data-upload]")) input.addEventListener("change", () => chosen(input));

function chosen(input) {
  const place = document.getElementById(input.dataset.upload);
  if (!place) return;
  place.replaceChildren(...[...input.files].flatMap((file) => {
    const line = document.createElement("span");
    const small = document.createElement("span");
    small.className = "meta";
    small.textContent = `${size(file.size)} · ${place.dataset.word}`;
    line.append(file.name, document.createElement("br"), small);
    return file.type.startsWith("image/") && file.size < 2e7 ? [picture(file), line] : [line];
  }));
  place.hidden = !input.files.length;
}

function picture(file) {
  const image = new Image(96, 72);
  image.alt = "";
  const reader = new FileReader();          // a data: address, which the content policy allows
  reader.onload = () => { image.src = reader.result; };
  reader.readAsDataURL(file);
  return image;
}

const size = (bytes) => bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;

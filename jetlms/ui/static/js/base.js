// Small comforts on every page; everything works without them.
document.querySelector("[data-focus]")?.focus();

// What is folded on a phone is open where there is room.
if (matchMedia("(min-width: 64rem)").matches) for (const part of document.querySelectorAll("details[data-open-wide]")) part.open = true;

// A form is sent once; when the page comes back from the history its buttons work again.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.closest("[data-lesson]")) return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "yes";
  event.submitter?.setAttribute("aria-busy", "true");
  form.dataset.dirty = "";
});
window.addEventListener("pageshow", () => {
  for (const form of document.forms) { delete form.dataset.sent; form.querySelector("[aria-busy]")?.removeAttribute("aria-busy"); }
});

// Menus close by Escape and by a click beside them.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = event.target.closest?.("details[open]");
  if (open && open.matches(".menu, .more details")) { open.open = false; open.querySelector("summary").focus(); }
});
document.addEventListener("click", (event) => {
  for (const open of document.querySelectorAll(".menu[open], .more details[open]")) if (!open.contains(event.target)) open.open = false;
});

// Somebody who typed much is asked before leaving.
for (const form of document.querySelectorAll("form[data-guard]")) form.addEventListener("input", () => { form.dataset.dirty = "yes"; });
window.addEventListener("beforeunload", (event) => {
  if ([...document.querySelectorAll("form[data-guard]")].some((form) => form.dataset.dirty === "yes")) event.preventDefault();
});

// Suggest the time zone of this device where another one is chosen.
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
for (const line of document.querySelectorAll("[data-zone-suggest]")) {
  const list = line.closest("form").elements.zone;
  const known = [...list.options].some((option) => option.value === here);
  const show = () => { line.hidden = !known || list.value === here; };
  line.querySelector("[data-zone]").textContent = here;
  line.querySelector("button").addEventListener("click", () => { list.value = here; list.focus(); show(); });
  list.addEventListener("change", show);
  show();
}

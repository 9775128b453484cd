// Say how long a text is while it is typed, counted as the server counts it: tidied, without space around it.
for (const place of document.querySelectorAll("output[data-count]")) {
  const field = document.getElementById(place.htmlFor.value);
  if (!field) continue;
  const say = () => {
    const count = [...field.value.normalize("NFKC").trim()].length;
    place.textContent = place.dataset.count.replace("{n}", count);
  };
  field.addEventListener("input", say);
  say();
  place.hidden = false;
}

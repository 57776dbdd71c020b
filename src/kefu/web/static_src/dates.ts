/* A browser writes a date as its own language does, whatever the page's: below the box it is said as the page does,
with the day of the week. */

const SAID: Record<string, Intl.DateTimeFormatOptions> = {
  date: { dateStyle: "full" },
  "datetime-local": { dateStyle: "full", timeStyle: "short" },
};

function say(box: HTMLInputElement): void {
  const options = SAID[box.type];
  if (!options || !box.closest(".field")) return;
  let said = box.nextElementSibling;
  if (!(said instanceof HTMLOutputElement)) {
    if (!box.value) return;
    said = document.createElement("output");
    said.className = "hint";
    box.after(said);
  }
  const at = new Date(box.type === "date" ? `${box.value}T00:00` : box.value);
  const known = box.value && !Number.isNaN(at.getTime());
  said.textContent = known ? new Intl.DateTimeFormat(document.documentElement.lang, options).format(at) : "";
}

function sayAll(part: ParentNode): void {
  for (const box of part.querySelectorAll<HTMLInputElement>("input[type=date], input[type=datetime-local]")) say(box);
}

document.addEventListener("input", (event) => {
  if (event.target instanceof HTMLInputElement) say(event.target);
});
document.addEventListener("DOMContentLoaded", () => sayAll(document));
document.addEventListener("htmx:load", (event) => sayAll(event.target as Element));

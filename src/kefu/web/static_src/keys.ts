/* Keys: every element that one reaches by a key says so, and `?` lists what the page has. One table: the page itself.

  data-key="r"                follows this link, presses this button, or goes to this field; "g q": one after the other
  data-focus="SELECTOR"       and then goes there
  data-rows="1 | -1 | open"   walks through the rows of a list
  data-opens="ID"             opens that dialog

Never while somebody writes or an input method composes, never with a modifier but Ctrl or Cmd + K, the palette. */

import { openPalette } from "./palette";

const SEQUENCE = 1_500; // ms between two keys that belong together
let before = "";
let beforeAt = 0;

export function reachable(): HTMLElement[] {
  const all = [...document.querySelectorAll<HTMLElement>("[data-key]")].filter((one) => one.checkVisibility());
  const first = new Map<string, HTMLElement>();
  for (const one of all) {
    const key = one.dataset.key ?? "";
    if (!first.has(key) || one.closest("#work")) first.set(key, one); // what the case offers goes before the list
  }
  return [...first.values()];
}

export function wordsOf(one: HTMLElement): string {
  const label = one instanceof HTMLInputElement || one instanceof HTMLSelectElement ? one.labels?.[0]?.innerText : "";
  return (one.ariaLabel || label || one.dataset.keyTitle || one.innerText || one.title).trim().split("\n")[0] ?? "";
}

export function press(one: HTMLElement): void {
  if (one.dataset.rows) walk(one.dataset.rows);
  else if (/^(TEXTAREA|SELECT)$/.test(one.tagName) || (one instanceof HTMLInputElement && !/^(radio|checkbox)$/.test(one.type))) one.focus();
  else one.click();
  if (one.dataset.focus) document.querySelector<HTMLElement>(one.dataset.focus)?.focus();
}

function walk(step: string): void {
  const rows = [...document.querySelectorAll<HTMLElement>("#rows [data-row]")];
  const focused = rows.findIndex((row) => row.closest("tr")?.contains(document.activeElement));
  const current = rows.findIndex((row) => row.closest("tr")?.hasAttribute("data-current"));
  const at = focused >= 0 ? focused : current;
  const next = step === "open" ? rows[at] : rows[Math.min(rows.length - 1, Math.max(0, at + Number(step)))];
  if (step === "open") next?.click();
  else next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

function listKeys(): void {
  const list = document.querySelector<HTMLElement>("[data-keys-list]");
  list?.replaceChildren(
    ...reachable().flatMap((one) => {
      const [dt, dd] = [document.createElement("dt"), document.createElement("dd")];
      for (const key of (one.dataset.key ?? "").split(" ")) dt.append(Object.assign(document.createElement("kbd"), { className: "kbd kbd-sm", textContent: key }));
      dd.textContent = wordsOf(one);
      return [dt, dd];
    }),
  );
}

document.addEventListener("click", (event) => {
  const opener = (event.target as Element).closest<HTMLElement>("[data-opens]");
  if (!opener) return;
  if (opener.dataset.opens === "palette") openPalette();
  else {
    listKeys(); // before the dialog hides the rest
    document.querySelector<HTMLDialogElement>(`#${opener.dataset.opens}`)?.showModal();
  }
});

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229) return;
  if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
    event.preventDefault();
    openPalette();
    return;
  }
  const at = event.target as HTMLElement;
  const writing = at.isContentEditable || /^(TEXTAREA|SELECT)$/.test(at.tagName) || (at instanceof HTMLInputElement && !/^(checkbox|radio|button|submit)$/.test(at.type));
  if (writing && event.key === "Escape") at.blur(); // out of the text, back to the keys
  if (writing || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const sequence = Date.now() - beforeAt < SEQUENCE ? `${before} ${event.key}` : "";
  [before, beforeAt] = [event.key, Date.now()];
  const meant = reachable().find((one) => one.dataset.key === sequence) ?? reachable().find((one) => one.dataset.key === event.key);
  if (!meant) return;
  event.preventDefault();
  before = "";
  press(meant);
});

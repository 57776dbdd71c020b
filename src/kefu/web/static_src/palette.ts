/* The palette (Ctrl or Cmd + K): what this page can do, where one can go, what one looked at last, and the search.

  <dialog id="palette" data-finds-at="ADDRESS"> <input> <div data-commands> <div data-fragment="ADDRESS"> <div data-found>

Pages, moves and colleagues are taken from the page itself: what is not offered there is not offered here. */

import { press, reachable, wordsOf } from "./keys";

const PAUSE = 200;
let waiting = 0;
let asked = 0;

interface Command {
  words: string;
  hint: string;
  run: () => void;
}

let commands: Command[] = [];

function dialog(): HTMLDialogElement | null {
  return document.querySelector<HTMLDialogElement>("#palette");
}
function input(): HTMLInputElement | null {
  return dialog()?.querySelector("input") ?? null;
}
function part(name: string): HTMLElement | null {
  return dialog()?.querySelector<HTMLElement>(`[data-${name}]`) ?? null;
}

export function openPalette(): void {
  const box = dialog();
  const field = input();
  if (!box || !field || box.open) return;
  commands = [...moves(), ...owners(), ...keyed(), ...pages()];
  field.value = "";
  box.showModal();
  field.focus();
  draw();
  for (const one of box.querySelectorAll<HTMLElement>("[data-fragment]")) void fetchInto(one, one.dataset.fragment ?? "", () => true);
}

/* --- what there is ----------------------------------------------------------------------------------- */

function moves(): Command[] {
  return [...document.querySelectorAll<HTMLElement>("#steps button:not(details button), #steps summary.btn")].map((one) => ({
    words: one.innerText.trim(),
    hint: document.querySelector<HTMLElement>("#steps")?.ariaLabel ?? "",
    run: () => {
      one.click();
      one.closest("details")?.querySelector<HTMLElement>("input:not([type=hidden]), select, textarea")?.focus();
    },
  }));
}

function owners(): Command[] {
  const select = document.querySelector<HTMLSelectElement>("#work select#to");
  const label = select?.labels?.[0]?.innerText.trim() ?? "";
  return [...(select?.options ?? [])].filter((one) => one.value && !one.defaultSelected).map((one) => ({
    words: one.text,
    hint: label,
    run: () => {
      if (!select) return;
      select.value = one.value;
      select.form?.requestSubmit();
    },
  }));
}

function keyed(): Command[] {
  const told = reachable().filter((one) => !one.dataset.rows && one.dataset.opens !== "palette" && !one.closest(".rail"));
  return told.map((one) => ({ words: wordsOf(one), hint: one.dataset.key ?? "", run: () => press(one) }));
}

function pages(): Command[] {
  return [...document.querySelectorAll<HTMLAnchorElement>(".rail a[href]")].map((one) => ({
    words: one.textContent?.trim() ?? "",
    hint: one.dataset.key ?? "",
    run: () => one.click(),
  }));
}

/* --- what fits --------------------------------------------------------------------------------------- */

function typed(): string {
  return input()?.value.trim().toLowerCase() ?? "";
}

function draw(): void {
  const wanted = typed();
  const fitting = commands.filter((one) => one.words.toLowerCase().includes(wanted)).slice(0, wanted ? 8 : 14);
  part("commands")?.replaceChildren(
    ...fitting.map((one) => {
      const [button, hint] = [document.createElement("button"), document.createElement("span")];
      [button.type, button.className, hint.className, hint.textContent] = ["button", "word", "hint ml-auto", one.hint];
      button.append(one.words, hint);
      button.addEventListener("click", () => {
        dialog()?.close();
        one.run();
      });
      return button;
    }),
  );
  for (const kept of dialog()?.querySelectorAll<HTMLElement>("[data-fragment] a") ?? []) kept.hidden = !(kept.textContent ?? "").toLowerCase().includes(wanted);
  choose(0);
}

async function fetchInto(place: HTMLElement | null, address: string, still: () => boolean): Promise<void> {
  const answer = await fetch(address, { headers: { "HX-Request": "true" } }).catch(() => undefined);
  if (!place || !answer?.ok || answer.redirected) return;
  const text = await answer.text();
  if (!still()) return;
  place.innerHTML = text;
  draw();
}

function search(): void {
  window.clearTimeout(waiting);
  const mine = (asked += 1);
  const place = part("found");
  const [at, wanted] = [dialog()?.dataset.findsAt ?? "", typed()];
  if (!wanted || !at) {
    place?.replaceChildren();
    return;
  }
  waiting = window.setTimeout(() => void fetchInto(place, `${at}?${new URLSearchParams({ q: input()?.value ?? "" })}`, () => mine === asked), PAUSE);
}

/* --- choosing ---------------------------------------------------------------------------------------- */

function choices(): HTMLElement[] {
  return [...(dialog()?.querySelectorAll<HTMLElement>("[data-commands] button, [data-fragment] a, [data-found] a") ?? [])].filter((one) => one.checkVisibility());
}
function chosen(): number {
  return choices().findIndex((one) => one.hasAttribute("data-chosen"));
}
function choose(at: number): void {
  const all = choices();
  const index = all.length ? (at + all.length) % all.length : -1;
  all.forEach((one, place) => one.toggleAttribute("data-chosen", place === index));
  all[index]?.scrollIntoView({ block: "nearest" });
}

document.addEventListener("input", (event) => {
  if (event.target !== input() || (event as InputEvent).isComposing) return;
  draw();
  search();
});
document.addEventListener("compositionend", (event) => {
  if (event.target !== input()) return;
  draw();
  search();
});
document.addEventListener("keydown", (event) => {
  if (event.target !== input() || event.isComposing || event.keyCode === 229) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") choose(chosen() + (event.key === "ArrowDown" ? 1 : -1));
  else if (event.key === "Enter") choices()[chosen()]?.click();
  else return;
  event.preventDefault();
});
document.addEventListener("click", (event) => {
  if (event.target === dialog()) dialog()?.close(); // beside it
});

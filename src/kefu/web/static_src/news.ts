/* A record that others change while one reads or writes: "2 new entries — show" instead of a page that jumps.

  <button data-live="case:17" data-news="head steps story" data-count="#story li" data-address="/cases/17/"
    data-words="{n} new entries: show" hidden>

When told, the page is fetched again (rights are asked there); the button says how many entries are new. Pressed, the
named parts are replaced (at once, when it was one's own answer that went out); one in which somebody has typed stays, and is checked against the record when it is sent. */

import htmx from "htmx.org";
import { dirty } from "./drafts";

let fetched: Document | undefined;

document.addEventListener("live", (event) => void look(event.target as HTMLElement), true);

async function look(button: HTMLElement): Promise<void> {
  if (button.dataset.news === undefined) return;
  const answer = await fetch(button.dataset.address ?? "", { headers: { "X-Kefu-By-Itself": "1" } }).catch(() => undefined);
  if (!answer?.ok) return;
  const next = new DOMParser().parseFromString(await answer.text(), "text/html");
  const counted = button.dataset.count ?? "";
  const known = document.querySelectorAll(counted).length;
  const more = Math.max(0, next.querySelectorAll(counted).length - known);
  if (!more && revisionOf(document) === revisionOf(next)) return;
  fetched = next;
  button.textContent = (more ? button.dataset.words : button.dataset.changed)?.replace("{n}", String(more)) ?? "";
  button.hidden = false;
  const own = document.querySelector("#held form") !== null && next.querySelector("#held form") === null;
  if (own && ![...document.querySelectorAll("form[data-draft]")].some((form) => dirty(form as HTMLFormElement))) show(button);
}

/* The record's version, as its forms carry it. */
function revisionOf(page: Document): string {
  return page.querySelector<HTMLInputElement>("[name=revision]")?.value ?? "";
}

function show(button: HTMLElement): void {
  if (!fetched) return;
  for (const id of (button.dataset.news ?? "").split(" ")) {
    const [old, fresh] = [document.getElementById(id), fetched.getElementById(id)];
    if (!old || !fresh || [...old.querySelectorAll("form")].some(dirty)) continue;
    if (button.dataset.count?.startsWith(`#${id} `)) {
      for (const entry of [...fresh.children].slice(old.children.length)) entry.classList.add("fresh");
    }
    old.replaceWith(document.adoptNode(fresh));
    htmx.process(fresh);
    htmx.trigger(fresh, "htmx:load");
  }
  /* whoever has seen what is new may send */
  for (const name of ["revision", "seen"]) {
    const mine = document.querySelector<HTMLInputElement>(`#composer [name=${name}]`);
    const fresh = fetched.querySelector<HTMLInputElement>(`#composer [name=${name}]`);
    if (mine && fresh) mine.value = fresh.value;
  }
  fetched = undefined;
  button.hidden = true;
}

document.addEventListener("click", (event) => {
  const button = (event.target as Element).closest<HTMLElement>("[data-news]");
  if (button) show(button);
});

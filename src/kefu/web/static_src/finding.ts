/* The search box finds while one types: 200 ms after the last key, never in the middle of a composition. The box's
hx-sync gives up the question before, so the last answer wins. Up and down walk through what was found. */

import htmx from "htmx.org";

const PAUSE = 200;
let waiting = 0;

function box(target: EventTarget | null): HTMLInputElement | null {
  return (target as Element | null)?.closest?.("[data-finds]")?.querySelector<HTMLInputElement>("input") ?? null;
}

function found(): HTMLElement | null {
  return document.getElementById("found-now");
}

function close(): void {
  window.clearTimeout(waiting);
  found()?.replaceChildren();
}

function ask(input: HTMLInputElement): void {
  window.clearTimeout(waiting);
  waiting = window.setTimeout(() => {
    if (input.value.trim()) htmx.trigger(input, "typed");
    else close();
  }, PAUSE);
}

document.addEventListener("input", (event) => {
  const input = box(event.target);
  if (input && input === event.target && !(event as InputEvent).isComposing) ask(input);
});
document.addEventListener("compositionend", (event) => {
  const input = box(event.target);
  if (input) ask(input);
});

/* An answer that comes after the box was left or emptied is not shown. */
document.addEventListener("htmx:beforeSwap", (event) => {
  const { detail } = event as CustomEvent<{ target: Element; shouldSwap: boolean }>;
  if (detail.target !== found()) return;
  const input = box(detail.target);
  if (!input?.value.trim() || !input.form?.contains(document.activeElement)) detail.shouldSwap = false;
});

document.addEventListener("keydown", (event) => {
  const input = box(event.target);
  if (!input || event.isComposing || event.keyCode === 229) return;
  if (event.key === "Escape") {
    close();
    input.focus();
    return;
  }
  if (event.key === "Enter" && event.target === input) window.clearTimeout(waiting);
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const stops: HTMLElement[] = [input, ...(found()?.querySelectorAll<HTMLElement>("a") ?? [])];
  const step = event.key === "ArrowDown" ? 1 : -1;
  const next = stops[stops.indexOf(event.target as HTMLElement) + step];
  event.preventDefault();
  next?.focus();
});

document.addEventListener("focusout", (event) => {
  const input = box(event.target);
  const goes = (event as FocusEvent).relatedTarget as Node | null;
  if (input && goes && !input.form?.contains(goes)) close();
});
document.addEventListener("click", (event) => {
  if (!box(event.target)) close();
});

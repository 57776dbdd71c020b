/* The team board. A case dragged onto a person is given to them, through the same form as by keys.

What time alone changes (a promise that becomes at risk, somebody who comes or goes) no event of a case tells of, so
the board looks again by itself too; which case was chosen stays chosen. */

export {};

const KIND = "text/x-kefu-case";
const LOOK_EVERY = 10_000;
const CALM = 2_000; // nobody works with the lists: a row must not move away under a hand

let touchedAt = -CALM;
let lookedAt = performance.now();
let chosen: HTMLInputElement | undefined;

function board(): HTMLElement | null {
  return document.querySelector<HTMLElement>("#board");
}

function personAt(event: DragEvent): HTMLElement | null {
  const over = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-person]") : null;
  return event.dataTransfer?.types.includes(KIND) ? over : null;
}

document.addEventListener("dragstart", (event) => {
  const row = event.target instanceof Element ? event.target.closest<HTMLElement>("tr[data-case]") : null;
  if (row) event.dataTransfer?.setData(KIND, row.dataset.case ?? "");
});
document.addEventListener("dragover", (event) => {
  touchedAt = performance.now();
  if (personAt(event)) event.preventDefault(); // says that it may be dropped here
});
document.addEventListener("drop", (event) => {
  const person = personAt(event);
  const form = document.querySelector<HTMLFormElement>("#board-form");
  if (!person || !form) return;
  event.preventDefault();
  const number = event.dataTransfer?.getData(KIND);
  const row = [...document.querySelectorAll<HTMLInputElement>("input[name=case]")].find((one) => one.value === number);
  if (!row) return;
  row.checked = true;
  form.querySelector<HTMLInputElement>("[name=to]")!.value = person.dataset.person ?? "";
  form.requestSubmit(form.querySelector<HTMLElement>("[data-board-assign]"));
});

/* --- looking again ---------------------------------------------------------------------------------- */

for (const kind of ["pointermove", "pointerdown", "keydown"]) {
  document.addEventListener(kind, (event) => {
    if (event.target instanceof Node && board()?.contains(event.target)) touchedAt = performance.now();
  });
}

function look(): void {
  const now = performance.now();
  if (document.hidden || now - lookedAt < LOOK_EVERY || now - touchedAt < CALM) return;
  lookedAt = now;
  board()?.dispatchEvent(new CustomEvent("live"));
}

window.setInterval(look, 1_000);
document.addEventListener("visibilitychange", look);

/* No answer: what stands here is as old as the time above says. */
function tellStale(stale: boolean): void {
  const mark = document.querySelector<HTMLElement>("[data-board-stale]");
  if (mark) mark.hidden = !stale;
}
for (const kind of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(kind, (event) => {
    if (event.target === board()) tellStale(true);
  });
}

/* The lists come anew; the same case is chosen in them, in the same list where it is still there. */
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.target === board()) chosen = board()?.querySelector<HTMLInputElement>("input[name=case]:checked") ?? undefined;
});
document.addEventListener("htmx:afterSettle", () => {
  lookedAt = performance.now();
  tellStale(false);
  if (!chosen || chosen.isConnected) return;
  const rows = [...document.querySelectorAll<HTMLInputElement>("#board input[name=case]")];
  const again = rows.find((one) => one.id === chosen?.id) ?? rows.find((one) => one.value === chosen?.value);
  if (again) again.checked = true;
  chosen = undefined;
});

/* The team board: a case dragged onto a person is given to them, through the same form as by keys. */

export {};

const KIND = "text/x-kefu-case";

function personAt(event: DragEvent): HTMLElement | null {
  const over = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-person]") : null;
  return event.dataTransfer?.types.includes(KIND) ? over : null;
}

document.addEventListener("dragstart", (event) => {
  const row = event.target instanceof Element ? event.target.closest<HTMLElement>("tr[data-case]") : null;
  if (row) event.dataTransfer?.setData(KIND, row.dataset.case ?? "");
});
document.addEventListener("dragover", (event) => {
  if (personAt(event)) event.preventDefault(); // says that it may be dropped here
});
document.addEventListener("drop", (event) => {
  const person = personAt(event);
  const form = document.querySelector<HTMLFormElement>("#board-form");
  if (!person || !form) return;
  event.preventDefault();
  const number = event.dataTransfer?.getData(KIND);
  const chosen = [...document.querySelectorAll<HTMLInputElement>("input[name=case]")].find((one) => one.value === number);
  if (!chosen) return;
  chosen.checked = true;
  form.querySelector<HTMLInputElement>("[name=to]")!.value = person.dataset.person ?? "";
  form.requestSubmit(form.querySelector<HTMLElement>("[data-board-assign]"));
});

/* Where one writes: phrases behind "/", colleagues behind "@", pictures by paste and drop, and what comes after sending.

  <form class="composer"> <input type="radio" data-mode> <textarea data-words="ADDRESS"> <div class="words">
    <ul data-pictures data-remove="WORD"> <progress> <label data-then> <input type="checkbox" data-then-next>
  <button data-phrase="TEXT">    beside the case: puts the text where one writes */

import { nextInList } from "./desk";

const PAUSE = 150;
const THEN = "composer:then"; // whether the next case follows
const TYPED = /(?:^|[\s（(，。！？：；])([/@][^\s/@]{0,40})$/;

function composer(target: EventTarget | null): HTMLFormElement | null {
  return (target as Element | null)?.closest?.<HTMLFormElement>(".composer") ?? null;
}

/* --- the mode is remembered -------------------------------------------------------------------------- */

document.addEventListener("change", (event) => {
  const field = event.target as HTMLInputElement;
  if (field.dataset.mode !== undefined) document.cookie = `composer=${field.value}; path=/; max-age=31536000; samesite=lax`;
  if (field.dataset.thenNext !== undefined) localStorage.setItem(THEN, field.checked ? "1" : "");
  if (field.type === "file" && composer(field)) keep(field, [...(field.files ?? [])]);
});

/* --- phrases and colleagues -------------------------------------------------------------------------- */

let waiting = 0;
let asked = 0;

function words(): HTMLElement | null {
  return document.getElementById("composer-words");
}
function typedAt(field: HTMLTextAreaElement): string {
  return TYPED.exec(field.value.slice(0, field.selectionStart))?.[1] ?? "";
}

function shut(): void {
  window.clearTimeout(waiting);
  asked += 1;
  const list = words();
  if (list) [list.hidden, list.innerHTML] = [true, ""];
}

async function look(field: HTMLTextAreaElement): Promise<void> {
  const typed = typedAt(field);
  if (!typed) {
    shut();
    return;
  }
  const mine = (asked += 1);
  const query = new URLSearchParams({ typed });
  const answer = await fetch(`${field.dataset.words}?${query}`, { headers: { "HX-Request": "true" } }).catch(() => undefined);
  const list = words();
  if (!answer?.ok || answer.redirected || !list) return;
  const text = await answer.text();
  if (mine !== asked) return;
  [list.innerHTML, list.hidden] = [text, false];
  select(0);
}

function options(): HTMLElement[] {
  return [...(words()?.querySelectorAll<HTMLElement>("[data-insert]") ?? [])];
}
function selected(): number {
  return options().findIndex((one) => one.ariaSelected === "true");
}
function select(index: number): void {
  const all = options();
  all.forEach((one, at) => (one.ariaSelected = String(at === (index + all.length) % all.length)));
  all[(index + all.length) % all.length]?.scrollIntoView({ block: "nearest" });
}

function insert(option: HTMLElement): void {
  const field = document.getElementById("composer-body") as HTMLTextAreaElement;
  const [at, typed] = [field.selectionStart, typedAt(field)];
  field.setRangeText(option.dataset.insert ?? "", at - typed.length, at, "end");
  shut();
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true })); // the draft hears of it
}

/* Where the cursor was left, else at the end; on a line of its own behind a sentence that nothing closes. */
function put(text: string): void {
  const field = document.getElementById("composer-body") as HTMLTextAreaElement | null;
  if (!field) return;
  if (location.hash === "#case-side") location.hash = "#composer"; // out of the sheet that covers a small screen
  const [from, to] = field.selectionStart > 0 ? [field.selectionStart, field.selectionEnd] : [field.value.length, field.value.length];
  const apart = /[^\s\p{P}]$/u.test(field.value.slice(0, from)) ? "\n" : "";
  field.setRangeText(apart + text, from, to, "end");
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true })); // the draft hears of it
}

document.addEventListener("click", (event) => {
  const phrase = (event.target as Element).closest<HTMLElement>("[data-phrase]");
  if (phrase) put(phrase.dataset.phrase ?? "");
});

function writing(event: Event): HTMLTextAreaElement | null {
  const field = event.target as HTMLTextAreaElement;
  return field.dataset?.words === undefined ? null : field;
}

document.addEventListener("input", (event) => {
  const field = writing(event);
  if (!field || (event as InputEvent).isComposing) return;
  window.clearTimeout(waiting);
  waiting = window.setTimeout(() => void look(field), PAUSE);
});
document.addEventListener("compositionend", (event) => {
  const field = writing(event);
  if (field) void look(field);
});
document.addEventListener(
  "keydown",
  (event) => {
    if (!writing(event) || event.isComposing || event.keyCode === 229 || words()?.hidden !== false) return;
    const chosen = options()[selected()];
    if (event.key === "ArrowDown" || event.key === "ArrowUp") select(selected() + (event.key === "ArrowDown" ? 1 : -1));
    else if ((event.key === "Enter" || event.key === "Tab") && chosen && !event.ctrlKey && !event.metaKey) insert(chosen);
    else if (event.key === "Escape") shut();
    else return;
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);
document.addEventListener("mousedown", (event) => {
  const option = (event.target as Element).closest<HTMLElement>("#composer-words [data-insert]");
  if (option) {
    event.preventDefault(); // the text keeps the focus
    insert(option);
  }
});
document.addEventListener("focusout", (event) => {
  if (writing(event)) shut();
});

/* --- pictures and files ------------------------------------------------------------------------------ */

function filesOf(form: HTMLFormElement): HTMLInputElement | null {
  return form.querySelector<HTMLInputElement>("input[type=file]");
}

function keep(field: HTMLInputElement, files: File[]): void {
  const all = new DataTransfer();
  for (const file of files) all.items.add(file);
  field.files = all.files;
  const list = composer(field)?.querySelector<HTMLElement>("[data-pictures]");
  list?.replaceChildren(...files.map((file, at) => drawn(field, file, at, list.dataset.remove ?? "")));
}

function drawn(field: HTMLInputElement, file: File, at: number, remove: string): HTMLElement {
  const item = document.createElement("li");
  if (file.type.startsWith("image/")) {
    const reader = new FileReader(); // a data address: the policy lets no blob be shown
    const picture = document.createElement("img");
    picture.alt = "";
    reader.addEventListener("load", () => (picture.src = String(reader.result)));
    reader.readAsDataURL(file);
    item.append(picture);
  }
  const name = Object.assign(document.createElement("span"), { className: "max-w-48 truncate", textContent: file.name });
  const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-xs btn-ghost", textContent: "×", ariaLabel: `${remove} ${file.name}` });
  button.addEventListener("click", () => keep(field, [...(field.files ?? [])].filter((_, index) => index !== at)));
  item.append(name, button);
  return item;
}

function add(form: HTMLFormElement, files: FileList | undefined): boolean {
  const field = filesOf(form);
  if (!field || !files?.length) return false;
  keep(field, [...(field.files ?? []), ...files]);
  return true;
}

document.addEventListener("paste", (event) => {
  const form = composer(event.target);
  if (form && add(form, event.clipboardData?.files)) event.preventDefault();
});
for (const kind of ["dragover", "dragleave", "drop"] as const) {
  document.addEventListener(kind, (event) => {
    const form = composer(event.target);
    if (!form || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    form.classList.toggle("dropping", kind === "dragover");
    if (kind === "drop") add(form, event.dataTransfer.files);
  });
}
document.addEventListener("htmx:xhr:progress", (event) => {
  const { detail, target } = event as CustomEvent<{ loaded: number; total: number; lengthComputable: boolean }>;
  const form = composer(target);
  const bar = form?.querySelector("progress");
  if (!form || !bar || !filesOf(form)?.files?.length || !detail.lengthComputable) return;
  bar.hidden = false;
  bar.value = (detail.loaded / detail.total) * 100;
});

/* --- and then the next ------------------------------------------------------------------------------- */

export function offerNext(): void {
  const then = document.querySelector<HTMLElement>("[data-then]");
  const box = then?.querySelector("input");
  if (!then || !box) return;
  then.hidden = !nextInList();
  box.checked = localStorage.getItem(THEN) === "1";
}
document.addEventListener("desk:marked", offerNext);
document.addEventListener("htmx:configRequest", (event) => {
  const { parameters } = (event as CustomEvent<{ parameters: FormData | Record<string, unknown> }>).detail;
  const form = composer(event.target);
  const next = nextInList();
  if (form?.querySelector<HTMLInputElement>("[data-then-next]")?.checked && next) (parameters as Record<string, unknown>).next = next;
});

/* What is typed into a form with data-draft="NAME" survives a reload, a sign-out and a killed browser.

The page names its place in #draft-state and carries what the server keeps in #draft. Typing is saved 800 ms after it
stops (every 5 s while it goes on) and when the page goes; localStorage holds what the server has not answered for. */

type Fields = Record<string, string[]>;
type Forms = Record<string, Fields>;
type Changes = Record<string, Fields | null>;
interface Kept {
  version: string;
  forms: Forms;
}
interface Local {
  version: string;
  changes: Changes;
  sent?: boolean;
}

const AFTER_TYPING = 800;
const WHILE_TYPING = 5_000;
const RETRY = 15_000;

let place = "";
let person = "";
let begun: HTMLElement | null = null;
let kept: Kept = { version: "", forms: {} };
let changes: Changes = {};
let waiting: number | undefined;
let firstUnsaved = 0;
let saving = false;
let sent = false;
let restoring = false;

function state(): HTMLElement | null {
  return document.getElementById("draft-state");
}

function localKey(): string {
  return `draft:${person}:${place}`;
}

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

function fieldsOf(form: HTMLFormElement): Field[] {
  return [...form.elements].filter(
    (field): field is Field =>
      (field instanceof HTMLInputElement && !["hidden", "file", "submit", "button", "password"].includes(field.type) && field.name !== "") ||
      ((field instanceof HTMLTextAreaElement || field instanceof HTMLSelectElement) && field.name !== ""),
  );
}

function touched(field: Field): boolean {
  if (field instanceof HTMLSelectElement) return [...field.options].some((one) => one.selected !== one.defaultSelected) && field.value !== "";
  if (field instanceof HTMLInputElement && /^(radio|checkbox)$/.test(field.type)) return field.checked !== field.defaultChecked;
  return field.value !== field.defaultValue;
}

/* Whether somebody has typed or chosen something in the form. */
export function dirty(form: HTMLFormElement): boolean {
  return fieldsOf(form).some(touched);
}

function typedIn(form: HTMLFormElement): Fields | null {
  if (!dirty(form)) return null;
  const there = new Set(fieldsOf(form).map((field) => field.name));
  const before = Object.entries(kept.forms[form.dataset.draft ?? ""] ?? {});
  const typed: Fields = Object.fromEntries(before.filter(([field]) => !there.has(field))); // questions not loaded yet
  for (const field of fieldsOf(form)) {
    const choice = field instanceof HTMLInputElement && /^(radio|checkbox)$/.test(field.type);
    if (choice && !(field as HTMLInputElement).checked) continue;
    const values = field instanceof HTMLSelectElement && field.multiple ? [...field.selectedOptions].map((one) => one.value) : [field.value];
    if (choice || values.some(Boolean)) (typed[field.name] ??= []).push(...values);
  }
  return typed;
}

/* --- keeping ---------------------------------------------------------------------------------------- */

function note(event: Event): void {
  const form = (event.target as Field).form;
  const name = form?.dataset.draft;
  if (!state() || !form || !name || sent || restoring) return;
  const typed = typedIn(form);
  if (typed) kept.forms[name] = typed;
  else delete kept.forms[name];
  changes[name] = typed;
  remember({ version: kept.version, changes });
  firstUnsaved ||= Date.now();
  window.clearTimeout(waiting);
  waiting = window.setTimeout(() => void save(), Math.max(0, Math.min(AFTER_TYPING, firstUnsaved + WHILE_TYPING - Date.now())));
}
document.addEventListener("input", note);
document.addEventListener("change", note);

function body(): FormData {
  const form = new FormData();
  form.set("csrfmiddlewaretoken", document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "");
  form.set("place", place);
  form.set("version", kept.version);
  form.set("forms", JSON.stringify(changes));
  return form;
}

async function save(): Promise<void> {
  window.clearTimeout(waiting);
  if (saving || sent || Object.keys(changes).length === 0) return;
  const going = changes;
  saving = true;
  firstUnsaved = 0;
  const request = body();
  changes = {};
  const answer = await fetch("/drafts/", { method: "POST", body: request, redirect: "error" }).catch(() => undefined);
  const told = (await answer?.json().catch(() => undefined)) as { version?: string; saved?: string; said?: string } | undefined;
  saving = false;
  if (sent) return;
  if (answer?.ok && told) {
    kept.version = told.version ?? "";
    name(kept.version);
    say("saved", told.saved);
    if (Object.keys(changes).length === 0) forgetHere();
    else void save();
    return;
  }
  changes = { ...going, ...changes };
  if (answer?.status === 409 && told) conflict(told as { version: string; said: string });
  else if (told?.said) say("", undefined, told.said);
  else {
    say("unsaved");
    waiting = window.setTimeout(() => void save(), RETRY);
  }
}

function flush(): void {
  if (!sent && place && Object.keys(changes).length) navigator.sendBeacon("/drafts/", body());
}
window.addEventListener("pagehide", flush);
window.addEventListener("online", () => void save());

/* The form says from which draft it was sent: one that was sent or dropped elsewhere is not sent again. */
function name(version: string): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-draft]")) {
    const known = kept.forms[form.dataset.draft ?? ""] && version;
    let field = form.querySelector<HTMLInputElement>("input[name=draft]");
    if (!field && known) {
      field = Object.assign(document.createElement("input"), { type: "hidden", name: "draft" });
      form.append(field);
    }
    if (field) field.value = known || "";
  }
}

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target as HTMLFormElement;
    if (form.dataset.draft === undefined || form.method !== "post") return;
    sent = true;
    window.clearTimeout(waiting);
    remember({ version: kept.version, changes, sent: true });
  },
  true,
);
document.addEventListener("htmx:sendError", () => (sent = false)); // it did not arrive
window.addEventListener("pageshow", (event) => {
  if (!event.persisted || !sent) return;
  sent = false; // back to a page as it was kept: its form may not have arrived
  remember({ version: kept.version, changes });
  location.reload(); // the page as it is now says what did
});

/* --- on this device --------------------------------------------------------------------------------- */

function remember(local: Local): void {
  try {
    localStorage.setItem(localKey(), JSON.stringify(local));
  } catch {
    say("", undefined, state()?.dataset.full ?? ""); // the device keeps no more: the server still does
  }
}

function forgetHere(): void {
  localStorage.removeItem(localKey());
}

function remembered(): Local | undefined {
  try {
    return (JSON.parse(localStorage.getItem(localKey()) ?? "null") as Local | null) ?? undefined;
  } catch {
    return undefined; // written by another version of this page
  }
}

/* --- giving back ------------------------------------------------------------------------------------ */

/* Another record may come into the page in place of this one: what was typed about the first goes on its way. */
function begin(): void {
  const data = document.getElementById("draft");
  if (data === begun) return;
  flush();
  window.clearTimeout(waiting);
  begun = data;
  [place, person] = [state()?.dataset.place ?? "", state()?.dataset.person ?? ""];
  [changes, sent, firstUnsaved] = [{}, false, 0];
  if (!data || !place) return;
  kept = JSON.parse(data.textContent ?? "") as Kept;
  const local = remembered();
  const [here] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  if (local && local.sent && here?.type !== "back_forward") forgetHere();
  else if (local && local.version === kept.version) {
    changes = local.changes;
    for (const [form, typed] of Object.entries(changes)) {
      if (typed) kept.forms[form] = typed;
      else delete kept.forms[form];
    }
    window.setTimeout(() => void save(), AFTER_TYPING);
  } else if (local) forgetHere();
  restore(document);
  name(kept.version);
  if (state()?.dataset.at) say("restored", state()?.dataset.at);
}

/* Put back what was typed. A choice that brings further questions is told to htmx, and these are filled as they come. */
function restore(within: ParentNode): void {
  if (!state()) return;
  restoring = true;
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-draft]")) {
    const typed = kept.forms[form.dataset.draft ?? ""];
    if (!typed) continue;
    for (const field of fieldsOf(form)) {
      if (!within.contains(field) || touched(field)) continue;
      const values = typed[field.name];
      if (field instanceof HTMLInputElement && /^(radio|checkbox)$/.test(field.type)) {
        const checked = values?.includes(field.value) ?? false;
        if (checked === field.checked) continue;
        field.checked = checked;
        if (checked) field.dispatchEvent(new Event("change", { bubbles: true }));
      } else if (field instanceof HTMLSelectElement) {
        for (const one of field.options) one.selected = values ? values.includes(one.value) : one.defaultSelected;
      } else if (values?.[0] !== undefined && values[0] !== field.value) {
        field.value = values[0];
        if (field.hasAttribute("hx-get")) field.dispatchEvent(new Event("input", { bubbles: true }));
      }
    }
    for (const rows of form.querySelectorAll<HTMLElement>("[data-rows]")) {
      const next = `${rows.dataset.rows}.${rows.dataset.lines}.`; // each line that comes brings the next one
      if (Object.keys(typed).some((field) => field.startsWith(next))) rows.querySelector<HTMLButtonElement>("[name=add_line]")?.click();
    }
    const folded = form.closest("details");
    if (folded) folded.open = true;
  }
  restoring = false;
}
document.addEventListener("DOMContentLoaded", begin);
document.addEventListener("htmx:load", (event) => {
  const loaded = event.target as Element;
  begin();
  // a part that was asked for with what is typed holds the answer to it, which is newer than the draft
  if (loaded !== document.body && !loaded.matches("[data-answers]")) restore(loaded);
});

/* --- saying ----------------------------------------------------------------------------------------- */

function say(what: string, time = "", words?: string): void {
  const place = state();
  const said = place?.querySelector("[data-said]");
  if (!place || !said) return;
  said.textContent = (words ?? place.dataset[what] ?? "").replace("{time}", time);
  place.hidden = what === "saved" && !time;
  for (const button of place.querySelectorAll<HTMLElement>("[data-draft-load], [data-draft-keep]")) button.hidden = true;
}

function conflict(told: { version: string; said: string }): void {
  say("", undefined, told.said);
  for (const button of state()?.querySelectorAll<HTMLElement>("[data-draft-load], [data-draft-keep]") ?? []) button.hidden = false;
  state()?.setAttribute("data-theirs", told.version);
}

document.addEventListener("click", (event) => {
  const pressed = (event.target as Element).closest<HTMLElement>("[data-draft-discard], [data-draft-load], [data-draft-keep]");
  if (!pressed) return;
  if (pressed.hasAttribute("data-draft-keep")) {
    kept.version = state()?.dataset.theirs ?? "";
    void save();
  } else if (pressed.hasAttribute("data-draft-load")) {
    leave();
  } else if (!pressed.dataset.confirm || window.confirm(pressed.dataset.confirm)) {
    changes = Object.fromEntries(Object.keys(kept.forms).map((form) => [form, null]));
    void save().then(leave);
  }
});

/* The page anew, with what the server keeps. */
function leave(): void {
  changes = {};
  sent = true;
  forgetHere();
  location.reload();
}

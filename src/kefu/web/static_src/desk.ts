/* The desk: lists stay where they are while the case beside them changes. Without this every link opens a page.

  <div class="desk" data-closed="list side">   which panels this browser keeps closed: the cookie "desk"
    <div id="list"> … <div id="list-of" data-query="list=mine"> … <tr data-case="NUMBER"> … <a data-row> … </div>
    <div id="work" data-number="NUMBER"> … </div>
  data-desk="list | side | previous | next"    what a button does
  <details data-panel="NAME">                  a panel of the side, closed and remembered like the zones */

import htmx from "htmx.org";

const WIDE = window.matchMedia("(min-width: 80rem)"); // room for three zones
const PANE = window.matchMedia("(min-width: 48rem)"); // room for the list over the case
const BESIDE = window.matchMedia("(min-width: 64rem)"); // room for the side panel
const LIST = "/cases/";
const LAST = "desk:list"; // the list this tab looked at last

function desk(): HTMLElement | null {
  return document.querySelector(".desk");
}
function work(): HTMLElement | null {
  return document.getElementById("work");
}
function number(): string {
  return work()?.dataset.number ?? "";
}
function listed(): HTMLElement | null {
  return document.getElementById("list-of");
}
function rows(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("#rows tr[data-case]")];
}
function addressOf(case_: string): string {
  return `${LIST}${encodeURIComponent(case_)}/`;
}

/* --- panels ----------------------------------------------------------------------------------------- */

function closed(part: string): boolean {
  return (desk()?.dataset.closed ?? "").split(" ").includes(part);
}

function remember(part: string, shut: boolean): void {
  const parts = new Set((desk()?.dataset.closed ?? "").split(" ").filter(Boolean));
  if (shut) parts.add(part);
  else parts.delete(part);
  desk()?.setAttribute("data-closed", [...parts].join(" "));
  document.cookie = `desk=${[...parts].join(".")}; path=/; max-age=31536000; samesite=lax`;
}

function toggle(part: string): void {
  remember(part, !closed(part));
  void fill();
}

/* A page that was opened at its case has no list yet: it is asked for where there is room to show it. */
async function fill(): Promise<void> {
  if (!number() || listed() || !(WIDE.matches ? !closed("list") : document.body.classList.contains("over-list"))) return;
  await showList(sessionStorage.getItem(LAST) ?? "");
}

async function showList(query: string): Promise<void> {
  await htmx.ajax("get", `${LIST}?${query}`, { target: "#list", swap: "innerHTML" });
  mark();
}

function mark(): void {
  const here = listed();
  if (here) sessionStorage.setItem(LAST, here.dataset.query ?? "");
  const all = rows();
  for (const row of all) {
    const current = row.dataset.case === number();
    row.toggleAttribute("data-current", current);
    if (current) row.classList.remove("unread");
  }
  const at = all.findIndex((row) => row.dataset.case === number());
  const [before, after] = [all[at - 1], at < 0 ? all[0] : all[at + 1]];
  for (const [name, row] of [["previous", before], ["next", after]] as const) {
    const button = document.querySelector<HTMLElement>(`#work [data-desk="${name}"]`);
    if (button) [button.hidden, button.dataset.to] = [!row, row?.dataset.case ?? ""];
  }
  document.dispatchEvent(new Event("desk:marked"));
}

/* The address of the case behind this one in the list, "" at its end. */
export function nextInList(): string {
  const to = document.querySelector<HTMLElement>('#work [data-desk="next"]:not([hidden])')?.dataset.to;
  return to ? addressOf(to) : "";
}

/* --- one case after another -------------------------------------------------------------------------- */

let opening = "";

export async function openCase(case_: string, push = true): Promise<void> {
  if (!desk() || opening === case_) return;
  opening = case_;
  const address = addressOf(case_);
  await htmx.ajax("get", address, { target: "#work", swap: "outerHTML" }).catch(() => undefined);
  opening = "";
  if (number() !== case_) {
    location.assign(address); // unknown by now, or signed out: the page itself says so
    return;
  }
  document.body.classList.remove("over-list");
  adopt();
  if (push) history.pushState({ desk: true }, "", address);
  const folded = document.querySelector<HTMLDetailsElement>(".filters");
  if (folded) folded.open = false;
  work()?.scrollTo({ top: 0 });
  if (!WIDE.matches) window.scrollTo({ top: 0 });
  mark();
  seen();
}

/* What is done with the case shows it anew in its place, or the next one; the list stays. */
function adopt(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>(".desk .case-main form[method=post]:not([hx-post])")) {
    form.setAttribute("hx-post", form.getAttribute("action") ?? "");
    form.setAttribute("hx-target", "#work");
    form.setAttribute("hx-swap", "outerHTML");
    if (form.enctype === "multipart/form-data") form.setAttribute("hx-encoding", form.enctype);
    htmx.process(form);
  }
}

/* Of details with one name a browser keeps one open: the old part must not close what comes open in its place. */
document.addEventListener("htmx:beforeSwap", (event) => {
  const { target } = (event as CustomEvent<{ target: Element }>).detail;
  for (const one of target.querySelectorAll("details[name]")) one.removeAttribute("name");
});

function settled(): void {
  adopt();
  mark();
  if (!number() || location.pathname === addressOf(number())) return;
  history.pushState({ desk: true }, "", addressOf(number())); // the next one came by itself
  seen();
}

/* No case: the list alone, as wide as there is room. */
function shut(): void {
  const empty = Object.assign(document.createElement("div"), { id: "work", className: "desk-work", tabIndex: -1 });
  work()?.replaceWith(empty);
  htmx.trigger(document.body, "htmx:load"); // a draft under way goes on its way
  mark();
}

window.addEventListener("popstate", () => {
  if (!desk() || location.hash) return;
  const [, case_] = /^\/cases\/([^/]+)\/$/.exec(location.pathname) ?? [];
  if (case_) void openCase(decodeURIComponent(case_), false);
  else if (location.pathname === LIST) {
    shut();
    if ((listed()?.dataset.query ?? "") !== location.search.slice(1)) void showList(location.search.slice(1));
  } else location.reload();
});

/* What was looked at is not new any more. Reading alone changes nothing, so the page says it itself. */
function seen(): void {
  const token = document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";
  if (number()) void fetch(`${addressOf(number())}seen/`, { method: "POST", headers: { "X-CSRFToken": token }, keepalive: true }).catch(() => undefined);
}

/* --- what is pressed --------------------------------------------------------------------------------- */

function plain(event: MouseEvent): boolean {
  return event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey && !event.defaultPrevented;
}

document.addEventListener("click", (event) => {
  const pressed = event.target as Element;
  const button = pressed.closest<HTMLElement>("[data-desk]");
  if (button && plain(event)) act(button, event);
  const panel = pressed.closest("summary")?.parentElement as HTMLDetailsElement | null | undefined;
  if (panel?.dataset.panel && desk()) remember(panel.dataset.panel, panel.open); // it opens or closes after this
  if (button || !desk() || !plain(event) || !pressed.closest("#list")) return;
  const link = pressed.closest<HTMLAnchorElement>("a[href]");
  const row = pressed.closest<HTMLElement>("tr[data-case]");
  if (row && (!link || link.pathname === addressOf(row.dataset.case ?? "")) && !pressed.closest("input, button, label")) {
    if (!PANE.matches || window.getSelection()?.toString()) {
      if (!link && !window.getSelection()?.toString()) location.assign(addressOf(row.dataset.case ?? ""));
      return;
    }
    event.preventDefault();
    void openCase(row.dataset.case ?? "");
  } else if (link && link.pathname === LIST && number()) {
    event.preventDefault(); // beside a case another list takes the place of this one
    void showList(link.search.slice(1));
  }
});

function act(button: HTMLElement, event: Event): void {
  const what = button.dataset.desk;
  if (what === "list") {
    if (!PANE.matches) {
      (button as HTMLAnchorElement).search = sessionStorage.getItem(LAST) ?? "";
      return;
    }
    event.preventDefault();
    if (WIDE.matches) toggle("list");
    else {
      document.body.classList.toggle("over-list");
      void fill();
    }
  } else if (what === "side" && BESIDE.matches) {
    event.preventDefault();
    toggle("side");
  } else if (button.dataset.to) void openCase(button.dataset.to);
}

document.addEventListener("submit", (event) => {
  const form = event.target as HTMLFormElement;
  if (!number() || form.method !== "get" || !form.closest("#list")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  form.ariaBusy = null;
  const typed = new URLSearchParams([...new FormData(form)].filter((pair): pair is [string, string] => typeof pair[1] === "string" && pair[1] !== ""));
  void showList(typed.toString());
}, true);

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.isComposing) return;
  document.body.classList.remove("over-list");
  if (location.hash === "#case-side") location.hash = "#case-head";
});

document.addEventListener("DOMContentLoaded", () => {
  if (!desk()) return;
  adopt();
  mark();
  seen();
  void fill();
});
WIDE.addEventListener("change", () => void fill());
document.addEventListener("htmx:load", () => {
  if (!desk()) return;
  adopt();
  mark(); // what is new in the case came with buttons of its own
});
document.addEventListener("htmx:afterSettle", (event) => {
  const part = event.target as Element;
  if (part.closest?.("#list")) mark();
  else if (part.closest?.("#work") && !opening) settled();
});

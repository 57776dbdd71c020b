/* What every page runs: htmx, the event stream, and the small things a page cannot say in HTML.

The content security policy allows neither inline scripts nor eval, so behaviour hangs on data attributes:
  data-key="n"        the key that leads there: keys.ts
  data-confirm="…"    asked before the form is sent
  data-draft="NAME"   what is typed into this form is kept: drafts.ts
  data-live="case:7"  looks again when that has changed: live.ts, news.ts
  data-copy="#id"     copies the text of that element
  data-empties="name" changed, it empties that field of its form: what stood there belonged to the old choice */

import htmx from "htmx.org";
import "./writing";
import "./drafts";
import "./live";
import "./news";
import "./finding";
import "./desk";
import "./choosing";
import "./composer";
import "./registering";
import "./dates";
import "./signing";
import "./keys";

htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false; // would be an inline style
htmx.config.selfRequestsOnly = true;
htmx.config.attributesToSettle = ["class"]; // an inline style would be refused

/* Every htmx request carries Django's token, which the page states once: <meta name="csrf-token" content="…">. */
document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]');
  const { detail } = event as CustomEvent<{ headers: Record<string, string>; elt: Element; path: string }>;
  if (token) detail.headers["X-CSRFToken"] = token.content;
  // one more line of a form is asked for where the form is sent to
  if (detail.elt instanceof HTMLButtonElement && detail.elt.name === "add_line") detail.path = detail.elt.form?.action ?? detail.path;
});

/* A refusal (not allowed, somebody was first, wrong, wait) is shown like any other answer. */
const REFUSALS = [403, 409, 422, 429];
document.addEventListener("htmx:beforeSwap", (event) => {
  const { detail } = event as CustomEvent<{ xhr: XMLHttpRequest; shouldSwap: boolean; isError: boolean }>;
  if (REFUSALS.includes(detail.xhr.status)) {
    detail.shouldSwap = true;
    detail.isError = false;
  }
});

/* A refused form, or a number shown, answers at the address of its verb; going back and reloading want the page. */
const page = document.querySelector<HTMLLinkElement>('link[rel="canonical"]');
if (page && new URL(page.href).pathname !== location.pathname) history.replaceState(history.state, "", page.href);

document.addEventListener("change", (event) => {
  const { form, dataset } = event.target as HTMLSelectElement;
  const other = dataset.empties && form?.elements.namedItem(dataset.empties);
  if (other instanceof HTMLSelectElement) other.value = "";
});

document.addEventListener("click", (event) => {
  const clicked = event.target as Element;
  for (const menu of document.querySelectorAll<HTMLDetailsElement>("details.popup[open]")) {
    if (!menu.contains(clicked)) menu.open = false;
  }
  const copying = clicked.closest<HTMLElement>("[data-copy]");
  const copied = copying && document.querySelector(copying.dataset.copy ?? "")?.textContent?.trim();
  if (copying && copied) {
    void navigator.clipboard?.writeText(copied).then(() => copying.setAttribute("data-copied", ""));
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    for (const menu of document.querySelectorAll<HTMLDetailsElement>("details.popup[open]")) {
      menu.open = false;
      menu.querySelector("summary")?.focus();
    }
  }
});

/* What every page runs: htmx, the event stream, and the small things a page cannot say in HTML.

The content security policy allows neither inline scripts nor eval, so behaviour hangs on data attributes. */

import htmx from "htmx.org";
import "htmx-ext-sse";

htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false; // would be an inline style
htmx.config.selfRequestsOnly = true;

/* Every htmx request carries Django's token, which the page states once: <meta name="csrf-token" content="…">. */
document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]');
  const { headers } = (event as CustomEvent<{ headers: Record<string, string> }>).detail;
  if (token) headers["X-CSRFToken"] = token.content;
});

/* A refused form comes back with 422 and is shown like any other answer. */
document.addEventListener("htmx:beforeSwap", (event) => {
  const { detail } = event as CustomEvent<{ xhr: XMLHttpRequest; shouldSwap: boolean; isError: boolean }>;
  if (detail.xhr.status === 422) {
    detail.shouldSwap = true;
    detail.isError = false;
  }
});

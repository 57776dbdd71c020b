/* While people write: Enter belongs to the input method, a form is sent once. */

/* Enter that ends a composition must not send the form. Safari reports it after the composition as key 229. */
document.addEventListener(
  "keydown",
  (event) => {
    if (event.key === "Enter" && (event.isComposing || event.keyCode === 229)) {
      event.preventDefault();
      event.stopPropagation();
    }
  },
  true,
);

/* Ctrl or Cmd + Enter sends the form of a long text. */
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || event.keyCode === 229 || !(event.ctrlKey || event.metaKey)) return;
  if (event.target instanceof HTMLTextAreaElement) event.target.form?.requestSubmit();
});

/* Before everybody else hears of it: htmx listens at the form. */
document.addEventListener(
  "submit",
  (event) => {
    const form = event.target as HTMLFormElement;
    const question = (event.submitter as HTMLElement | null)?.dataset.confirm ?? form.dataset.confirm;
    if (form.ariaBusy === "true" || (question && !window.confirm(question))) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    form.ariaBusy = "true";
  },
  true,
);

/* A form that htmx sent, and a page shown again by the back button, may be sent anew. */
document.addEventListener("htmx:afterRequest", (event) => {
  const sent = (event.target as Element).closest("form");
  if (sent) sent.ariaBusy = null;
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[aria-busy]")) form.ariaBusy = null;
});

/* A refusal stands at its form, wherever on the page that is: bring it into sight. */
document.addEventListener("DOMContentLoaded", () => {
  document.querySelector("main [role=alert]:not([hidden])")?.scrollIntoView({ block: "center" });
});

/* data-until="INSTANT" data-words="… {n} s" data-over-words="…": how long something can still be taken back. */
window.setInterval(() => {
  for (const part of document.querySelectorAll<HTMLElement>("[data-until]")) {
    const left = Math.ceil((Date.parse(part.dataset.until ?? "") - Date.now()) / 1000);
    part.textContent = (left > 0 ? part.dataset.words : part.dataset.overWords)?.replace("{n}", String(left)) ?? "";
  }
}, 500);

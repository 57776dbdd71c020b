/* The customer's side: long texts survive a reload; inside another site, the page around hears how high the form is. */

export {};

/* The height is no secret, so any page may hear it. */
function tell(): void {
  const inner = document.querySelector<HTMLElement>(".portal.framed");
  if (inner && window.parent !== window) window.parent.postMessage({ kefuHeight: Math.ceil(inner.offsetHeight) }, "*");
}

/* Kept for this tab only, since a phone may be another's; a refusal brings the text back by itself. */
function keep(box: HTMLTextAreaElement): void {
  const name = `kept:${location.pathname}:${box.name}`;
  if (!box.value) box.value = sessionStorage.getItem(name) ?? "";
  box.addEventListener("input", () => sessionStorage.setItem(name, box.value));
  box.form?.addEventListener("submit", () => sessionStorage.removeItem(name));
}

document.addEventListener("DOMContentLoaded", () => {
  try {
    document.querySelectorAll<HTMLTextAreaElement>(".portal textarea").forEach(keep);
  } catch (error) {
    console.info("texts are not kept here", error); // a frame whose browser denies it storage
  }
  const inner = document.querySelector(".portal.framed");
  if (inner) new ResizeObserver(tell).observe(inner);
  tell();
});

/* Inside another site: tell the page around how high the form is. The height is no secret, so any page may hear it. */

export {};

function tell(): void {
  const inner = document.querySelector<HTMLElement>(".portal.framed");
  if (inner && window.parent !== window) window.parent.postMessage({ kefuHeight: Math.ceil(inner.offsetHeight) }, "*");
}

new ResizeObserver(tell).observe(document.documentElement);
document.addEventListener("DOMContentLoaded", () => {
  const inner = document.querySelector(".portal.framed");
  if (inner) new ResizeObserver(tell).observe(inner);
  tell();
});

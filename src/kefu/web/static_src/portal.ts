/* The customer's side: long texts survive a reload; an open request says when there is something new; inside another
site, the page around hears how high the form is. */

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

function keepAll(within: ParentNode): void {
  try {
    within.querySelectorAll<HTMLTextAreaElement>(".portal textarea").forEach(keep);
  } catch (error) {
    console.info("texts are not kept here", error); // a frame whose browser denies it storage
  }
}

/* --- something new ---------------------------------------------------------------------------------- */

const ASK_EVERY = 10_000;
const ASK_LATER = 30_000; // after a while, and where no answer comes
const A_WHILE = 600_000;
const PARTS = ["progress", "turn", "happened"];

/* The page holds a mark of what it shows; another one means that it would show something else by now. What is new is
shown when the customer wants it, so that nothing moves under their hands, and what they typed stays. */
function listen(place: HTMLElement): void {
  const button = place.querySelector<HTMLButtonElement>("button")!;
  const title = document.title;
  let since = Date.now();
  let timer: number | undefined;

  async function ask(): Promise<void> {
    timer = undefined;
    if (document.hidden || !button.hidden) return;
    const answer = await fetch(place.dataset.asks ?? "", { cache: "no-store" }).catch(() => undefined);
    if (answer?.status === 404) return; // the visit is over
    const told = answer?.ok ? ((await answer.json()) as { mark: string }) : undefined;
    if (told && told.mark !== place.dataset.mark) {
      button.textContent = button.dataset.words ?? "";
      button.hidden = false;
      document.title = `● ${title}`;
    } else {
      later(told && Date.now() - since < A_WHILE ? ASK_EVERY : ASK_LATER);
    }
  }

  function later(pause: number): void {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void ask(), pause);
  }

  async function show(): Promise<void> {
    const address = place.dataset.page ?? "";
    const answer = await fetch(address, { cache: "no-store" }).catch(() => undefined);
    if (!answer) return; // pressed again it may work
    if (!answer.ok) return location.assign(address);
    const next = new DOMParser().parseFromString(await answer.text(), "text/html");
    place.dataset.mark = next.querySelector<HTMLElement>("[data-asks]")?.dataset.mark ?? "";
    button.hidden = true;
    document.title = title;
    PARTS.forEach((id) => renew(document.getElementById(id), next.getElementById(id)));
    document.querySelector("#happened > .fresh")?.scrollIntoView({ block: "nearest" });
    since = Date.now();
    later(ASK_EVERY);
  }

  button.addEventListener("click", () => void show());
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) later(0);
  });
  later(ASK_EVERY);
}

function renew(old: HTMLElement | null, next: HTMLElement | null): void {
  if (!old || !next || [...old.querySelectorAll("form")].some(isWritten)) return;
  if (old.id === "happened") [...next.children].slice(old.children.length).forEach((one) => one.classList.add("fresh"));
  old.replaceWith(document.adoptNode(next));
  keepAll(next);
}

function isWritten(form: HTMLFormElement): boolean {
  return [...form.elements].some((one) =>
    one instanceof HTMLInputElement
      ? one.value !== one.defaultValue || one.checked !== one.defaultChecked
      : one instanceof HTMLTextAreaElement && one.value !== one.defaultValue,
  );
}

document.addEventListener("DOMContentLoaded", () => {
  keepAll(document);
  const news = document.querySelector<HTMLElement>("[data-asks]");
  if (news) listen(news);
  const inner = document.querySelector(".portal.framed");
  if (inner) new ResizeObserver(tell).observe(inner);
  tell();
});

/* What others do is seen here. Parts of the page say what they show, in the words of kefu.live:
  data-live="case:17 cases"  gets the event "live" when one of them has changed: hx-trigger="live" looks again
  data-looks="case:17"       the page is about this record: others see who looks at it, and who types into its forms
  data-faces="case:17"       who else is there is written here; data-looking, data-writing around it: sentences with {name}
  data-over                  shown when the session has ended

One stream per visible tab: a hidden one gives its connection back. Where no stream gets through, it asks each 30 s. */

const POLL_EVERY = 30_000;
const TRY_STREAM_EVERY = 300_000;
const HIDDEN_FOR = 10_000;
const TYPING_EVERY = 5_000;
const LOOK_EVERY = 4_000; // a part looks again at most so often; at once after a quiet time
const CALM = 1_500; // and not while the pointer moves over it or rows are ticked, lest a click hits another row

interface Face {
  name: string;
  writing: boolean;
}

const screenKey = Array.from(crypto.getRandomValues(new Uint8Array(9)), (byte) => byte.toString(36)).join("");
const faces = new Map<string, Face[]>();
const lookedAt = new Map<string, number>();
const waiting = new Set<string>();
let since = "";
let shown = "";
let source: EventSource | undefined;
let polling: number | undefined;
let hiding: number | undefined;

function wordsOf(part: HTMLElement): string[] {
  return (part.dataset.live ?? "").split(" ").filter(Boolean);
}

function parts(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("[data-live]")];
}

function question(): URLSearchParams {
  const words = new Set([...parts().flatMap(wordsOf), ...facedWords()]);
  const asked = new URLSearchParams([...words].map((word) => ["show", word]));
  asked.set("looks", document.querySelector<HTMLElement>("[data-looks]")?.dataset.looks ?? "");
  asked.set("screen", screenKey);
  return asked;
}

function facedWords(): string[] {
  return [...document.querySelectorAll<HTMLElement>("[data-faces]")].map((one) => one.dataset.faces ?? "");
}

/* --- the stream, or asking ------------------------------------------------------------------------- */

function open(): void {
  const asked = question();
  if (source || polling || document.hidden || !asked.has("show")) return;
  shown = asked.toString();
  asked.set("since", since);
  source = new EventSource(`/events/?${asked}`);
  source.addEventListener("changed", (event) => {
    since = event.lastEventId || since;
    tell(JSON.parse(event.data));
  });
  source.addEventListener("faces", (event) => keepFaces(JSON.parse(event.data)));
  source.addEventListener("over", over);
  source.addEventListener("error", () => {
    if (source?.readyState !== EventSource.CLOSED) return; // it tries again by itself
    close();
    void poll(Date.now() + TRY_STREAM_EVERY);
  });
}

function close(): void {
  source?.close();
  source = undefined;
  window.clearTimeout(polling);
  polling = undefined;
}

async function poll(until: number): Promise<void> {
  polling = window.setTimeout(() => {
    polling = undefined;
    if (Date.now() < until) void poll(until);
    else open();
  }, POLL_EVERY);
  const asked = question();
  asked.set("since", since);
  const headers = { "X-Kefu-By-Itself": "1", "HX-Request": "true" };
  const answer = await fetch(`/live/?${asked}`, { headers }).catch(() => undefined);
  if (answer?.headers.has("HX-Redirect")) {
    close();
    over();
  } else if (answer?.ok) {
    const told = (await answer.json()) as { seq: number; changed: string[]; faces: Record<string, Face[]> };
    since = String(told.seq);
    faces.clear();
    keepFaces(told.faces);
    tell(told.changed);
  }
}

function over(): void {
  close();
  for (const one of document.querySelectorAll<HTMLElement>("[data-over]")) one.hidden = false;
}

/* --- looking again ---------------------------------------------------------------------------------- */

function tell(words: string[]): void {
  for (const part of parts()) {
    if (wordsOf(part).some((word) => words.includes(word))) soon(part);
  }
}

let moved: { at: number; over: EventTarget | null } = { at: 0, over: null };
document.addEventListener("pointermove", (event) => (moved = { at: Date.now(), over: event.target }), { passive: true });

function keyOf(part: HTMLElement): string {
  return part.id || (part.dataset.live ?? "");
}

function soon(part: HTMLElement): void {
  const key = keyOf(part);
  if (waiting.has(key)) return;
  waiting.add(key);
  const pause = Math.max(0, (lookedAt.get(key) ?? 0) + LOOK_EVERY - Date.now());
  window.setTimeout(() => whenCalm(key, part), pause + Math.random() * 300);
}

function whenCalm(key: string, part: HTMLElement): void {
  const there = part.isConnected ? part : parts().find((one) => keyOf(one) === key);
  const pointing = Date.now() - moved.at < CALM && moved.over instanceof Node && there?.contains(moved.over);
  const writing = there?.contains(document.activeElement) && /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName ?? "");
  const ticked = there?.querySelector("input[type=checkbox]:checked") != null;
  if (there && (pointing || writing || ticked)) {
    window.setTimeout(() => whenCalm(key, there), CALM);
    return;
  }
  waiting.delete(key);
  lookedAt.set(key, Date.now());
  there?.dispatchEvent(new CustomEvent("live"));
}

/* What a screen asks by itself is no sign of life of whoever sits before it. */
document.addEventListener("htmx:configRequest", (event) => {
  const { headers, triggeringEvent } = (event as CustomEvent<{ headers: Record<string, string>; triggeringEvent?: Event }>).detail;
  if (triggeringEvent?.type === "live") headers["X-Kefu-By-Itself"] = "1";
});

/* --- who else is here ------------------------------------------------------------------------------- */

function keepFaces(news: Record<string, Face[]>): void {
  for (const [word, here] of Object.entries(news)) faces.set(word, here);
  drawFaces(document);
}

function drawFaces(within: ParentNode): void {
  for (const place of within.querySelectorAll<HTMLElement>("[data-faces]")) {
    const here = faces.get(place.dataset.faces ?? "") ?? [];
    const said = here.map((face) => sentence(place, face));
    place.hidden = here.length === 0;
    place.title = said.join("\n");
    const list = place.querySelector<HTMLElement>("[data-faces-list]");
    list?.replaceChildren(...here.map((face) => drawn(face, sentence(place, face))));
  }
}

function sentence(place: HTMLElement, face: Face): string {
  const words = place.closest<HTMLElement>("[data-looking]")?.dataset;
  return ((face.writing ? words?.writing : words?.looking) ?? "{name}").replace("{name}", face.name);
}

function drawn(face: Face, said: string): HTMLElement {
  const one = document.createElement("span");
  const initials = document.createElement("span");
  initials.className = "initials";
  initials.setAttribute("aria-hidden", "true");
  initials.textContent = initialsOf(face.name);
  one.className = face.writing ? "face writing" : "face";
  one.append(initials, said);
  return one;
}

/* 陈静 → 陈; Ann Lee → AL */
function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/);
  return words.length > 1 ? words.map((word) => word[0]).slice(0, 2).join("") : [...name.trim()].slice(0, 1).join("");
}

let typedAt = 0;
document.addEventListener("input", (event) => {
  const field = event.target as HTMLElement;
  if (!document.querySelector("[data-looks]") || !field.closest("form[data-draft]") || Date.now() - typedAt < TYPING_EVERY) return;
  typedAt = Date.now();
  const token = document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";
  const body = new URLSearchParams({ screen: screenKey });
  void fetch("/live/writing/", { method: "POST", body, headers: { "X-CSRFToken": token } }).catch(() => undefined);
});

/* --- when ------------------------------------------------------------------------------------------- */

document.addEventListener("DOMContentLoaded", () => {
  since = document.body.querySelector<HTMLElement>("[data-live-since]")?.dataset.liveSince ?? "";
  open();
});
document.addEventListener("visibilitychange", () => {
  window.clearTimeout(hiding);
  if (document.hidden) hiding = window.setTimeout(close, HIDDEN_FOR);
  else open();
});
window.addEventListener("pagehide", close);
window.addEventListener("pageshow", open);
/* New rows show other records: the stream is asked anew, once all parts are in. */
document.addEventListener("htmx:afterSettle", (event) => {
  drawFaces(event.target as Element);
  if (source && question().toString() !== shown) {
    close();
    open();
  }
});

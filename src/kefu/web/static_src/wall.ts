/* A screen on a wall: asks for its figures every few seconds, turns the page of kinds, and says so, by its own clock,
when the figures are old. Where the address ended the figures go; should it work again, they come back. */

export {};

const ASK_EVERY = 3_000;
const OLD = 10_000;
const TURN_EVERY = 8_000;

const wall = document.querySelector<HTMLElement>("[data-wall]")!;
const part = wall.querySelector<HTMLElement>("[data-wall-part]")!;
const stale = wall.querySelector<HTMLElement>("[data-wall-stale]")!;
const gone = wall.querySelector<HTMLElement>("[data-wall-gone]")!;

/* Of two clocks the one that says more: the first stands still while the machine sleeps, the second can be set back. */
let known = { steady: 0, wall: Date.now() - performance.now() };
let page = 0;

function age(): number {
  return Math.max(performance.now() - known.steady, Date.now() - known.wall);
}

async function ask(): Promise<void> {
  const asked = { steady: performance.now(), wall: Date.now() };
  const headers = { "HX-Request": "true", "X-Kefu-By-Itself": "1" };
  try {
    const answer = await fetch(location.pathname, { headers, cache: "no-store", signal: AbortSignal.timeout(OLD / 2) });
    if (answer.ok) {
      part.innerHTML = await answer.text();
      known = asked;
    }
    if (answer.ok || answer.status === 404) part.hidden = !(gone.hidden = answer.ok);
  } catch {
    /* no answer: how old the figures are is told below */
  }
  look();
  window.setTimeout(() => void ask(), ASK_EVERY);
}

function look(): void {
  const old = age() > OLD && !part.hidden;
  stale.hidden = !old;
  wall.classList.toggle("wall-is-stale", old);
  if (old) {
    const seconds = Math.floor(age() / 1000);
    const words = (seconds < 120 ? stale.dataset.words : stale.dataset.long) ?? "";
    const said = words.replace("{seconds}", String(seconds)).replace("{minutes}", String(Math.floor(seconds / 60)));
    const place = stale.querySelector("span")!;
    if (place.textContent !== said) place.textContent = said;
  }
  turn();
}

/* As many kinds as fit, then the next ones. */
function turn(): void {
  const place = part.querySelector<HTMLElement>("[data-wall-kinds]");
  const tiles = [...(place?.querySelectorAll<HTMLElement>(".wall-tile") ?? [])];
  const first = tiles[0];
  if (!place || !first) return;
  const style = getComputedStyle(place);
  const gap = parseFloat(style.rowGap) || 0;
  const least = parseFloat(getComputedStyle(first).minHeight);
  const rows = Math.max(1, Math.floor((place.clientHeight + gap + 1) / (least + gap)));
  const fit = style.overflowY === "visible" ? tiles.length : rows * style.gridTemplateColumns.split(" ").length;
  const pages = Math.ceil(tiles.length / fit);
  page %= pages;
  tiles.forEach((tile, index) => (tile.hidden = Math.floor(index / fit) !== page));
  part.querySelector("[data-wall-page]")!.textContent = pages > 1 ? `${page + 1} / ${pages}` : "";
}

window.setTimeout(() => void ask(), ASK_EVERY);
window.setInterval(look, 1_000);
window.setInterval(() => {
  page += 1;
  turn();
}, TURN_EVERY);
window.addEventListener("resize", turn);
look();

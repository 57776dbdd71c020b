/* A signature drawn into [data-signature] with a finger, a pen or the mouse; it travels as a PNG in the hidden field.

Who cannot draw writes the name in the field below: that signs as well. */

const INK = "#111";
const WIDTH = 5; // of the stroke, in dots of the canvas
const drawing = new Map<number, CanvasRenderingContext2D>(); // by pointer

function pad(element: EventTarget | null): HTMLElement | null {
  return element instanceof Element ? element.closest<HTMLElement>("[data-signature]") : null;
}

function canvasOf(pad: HTMLElement): HTMLCanvasElement {
  return pad.querySelector("canvas")!;
}

function valueOf(pad: HTMLElement): HTMLInputElement {
  return pad.querySelector<HTMLInputElement>('input[type="hidden"]')!;
}

/* Where the pointer is, in dots of the canvas, however large it is shown. */
function place(event: PointerEvent, canvas: HTMLCanvasElement): [number, number] {
  const box = canvas.getBoundingClientRect();
  return [((event.clientX - box.left) * canvas.width) / box.width, ((event.clientY - box.top) * canvas.height) / box.height];
}

document.addEventListener("pointerdown", (event) => {
  const canvas = event.target;
  if (!(canvas instanceof HTMLCanvasElement) || !pad(canvas) || event.button !== 0) return;
  event.preventDefault();
  canvas.setPointerCapture(event.pointerId);
  const context = canvas.getContext("2d")!;
  context.strokeStyle = context.fillStyle = INK;
  context.lineWidth = WIDTH;
  context.lineCap = context.lineJoin = "round";
  const [x, y] = place(event, canvas);
  context.beginPath();
  context.arc(x, y, WIDTH / 2, 0, 2 * Math.PI); // a dot is a stroke too
  context.fill();
  context.beginPath();
  context.moveTo(x, y);
  drawing.set(event.pointerId, context);
  pad(canvas)!.setAttribute("data-signed", "");
});

document.addEventListener("pointermove", (event) => {
  const context = drawing.get(event.pointerId);
  if (!context) return;
  const moves = event.getCoalescedEvents?.() ?? [];
  for (const one of moves.length ? moves : [event]) context.lineTo(...place(one, context.canvas));
  context.stroke();
});

function lift(event: PointerEvent): void {
  const context = drawing.get(event.pointerId);
  if (!context) return;
  drawing.delete(event.pointerId);
  valueOf(pad(context.canvas)!).value = context.canvas.toDataURL("image/png");
}
document.addEventListener("pointerup", lift);
document.addEventListener("pointercancel", lift);

document.addEventListener("click", (event) => {
  const here = event.target instanceof Element && event.target.closest("[data-signature-clear]") ? pad(event.target) : null;
  if (!here) return;
  const canvas = canvasOf(here);
  canvas.getContext("2d")!.clearRect(0, 0, canvas.width, canvas.height);
  valueOf(here).value = "";
  here.removeAttribute("data-signed");
});

/* What was drawn before a form was refused stands there again. */
function restore(): void {
  for (const here of document.querySelectorAll<HTMLElement>("[data-signature]:not([data-signed])")) {
    const drawn = valueOf(here).value;
    if (!drawn) continue;
    const picture = new Image();
    picture.onload = () => canvasOf(here).getContext("2d")!.drawImage(picture, 0, 0);
    picture.src = drawn;
    here.setAttribute("data-signed", "");
  }
}
restore();
document.addEventListener("htmx:load", restore);

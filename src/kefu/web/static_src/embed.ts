/* On another site: <script src="https://kefu.example.org/portal/embed.js" data-kind="complaint"></script> puts the
form where the tag stands. data-department="code" and data-language="en" may be given. No cookies, no globals. */

export {};

const tag = document.currentScript as HTMLScriptElement;
const home = new URL(tag.src).origin;
const { kind = "", department = "", language = "" } = tag.dataset;
const asked = new URLSearchParams();
if (department) asked.set("department", department);
if (language) asked.set("language", language);

const frame = document.createElement("iframe");
frame.src = `${home}/portal/embed/${encodeURIComponent(kind)}/?${asked}`;
frame.title = tag.dataset.title ?? "客服 Kefu";
frame.style.cssText = "width:100%;border:0;height:44rem";
tag.insertAdjacentElement("afterend", frame);

/* The form says how high it is; nobody else may. */
window.addEventListener("message", (event: MessageEvent<{ kefuHeight?: unknown }>) => {
  const height = event.data?.kefuHeight;
  if (event.origin === home && event.source === frame.contentWindow && typeof height === "number") {
    frame.style.height = `${Math.min(Math.max(height, 200), 6000)}px`;
  }
});

// Printing: a button for it (<button type="button" class="btn js-only" data-gx-print>), the time in the mark on each sheet,
// and the note of it to the server, however it was asked for. <body data-gx-printed> says where to and what is shown.
import { token } from "./page.js";

// Chrome tells twice for one print: what is the same within a few seconds is noted once.
const ONCE_MS = 3000;
let noted = 0;

function stamp() {
  const time = new Date().toLocaleString(document.documentElement.lang, { timeZone: "Asia/Shanghai", hour12: false });
  for (const each of document.querySelectorAll("[data-gx-printed-at]")) each.textContent = time;
}

function note() {
  const { gxPrinted, gxModule, gxRecord } = document.body.dataset;
  if (!gxPrinted || Date.now() - noted < ONCE_MS) return;
  noted = Date.now();
  const told = new URLSearchParams({ module: gxModule, record: gxRecord, page: location.pathname, title: document.title });
  // keepalive: the note arrives even when the page is left at once.
  fetch(gxPrinted, { method: "POST", body: told, headers: { "X-CSRFToken": token() }, keepalive: true }).catch(() => {});
}

export function start() {
  document.addEventListener("click", (event) => { if (event.target.closest("[data-gx-print]")) window.print(); });
  window.addEventListener("beforeprint", () => { stamp(); note(); });
}

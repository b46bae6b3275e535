// Groups of the menu: <details data-gx-fold="archive"><summary>…</summary>…</details> fold by themselves; this only tells
// the server which stand open, so that they do on the next page and the next device.
import { on, request } from "./page.js";

export function start() {
  on("click", "[data-gx-fold] > summary", (event, summary) => {
    const group = summary.parentElement;
    // The click comes before the change; the browser keeps asking when the person goes on at once.
    const body = new URLSearchParams({ group: group.dataset.gxFold, open: group.open ? "" : "1" });
    request("/menu/fold/", { method: "POST", body, keepalive: true }).catch(() => {});
  });
}

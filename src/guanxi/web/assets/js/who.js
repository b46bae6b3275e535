// Asking again who it is. An answer 401 with the header Gx-Confirm means: ask first, in the window #gx-who, then send the same
// request again. Nothing that was typed is touched meanwhile. page.js's request() does it for every script; htmx is repeated here.
import htmx from "htmx.org";
import { onAsked, parse, request, text, token } from "./page.js";
import { toast } from "./toast.js";

let asking = null;

function show(dialog, html) {
  const page = parse(html);
  const part = page.querySelector("main") || page.body;
  part.querySelectorAll(".head h1").forEach((each) => each.remove());
  dialog.querySelector(".content").replaceChildren(...part.childNodes);
  document.dispatchEvent(new CustomEvent("gx:who", { detail: dialog }));
  dialog.querySelector(".content input:not([type=hidden])")?.focus();
}

/** Shows the question; resolves to whether it was answered rightly. Two requests at once ask once. */
export function ask(address) {
  asking ??= question(address).finally(() => { asking = null; });
  return asking;
}

async function question(address) {
  const dialog = document.getElementById("gx-who");
  const answer = await request(address);
  if (!answer.ok) { toast(text("forbidden"), "bad"); return false; }
  show(dialog, await answer.text());
  dialog.dataset.url = address;
  dialog.dataset.done = "";
  dialog.showModal();
  return new Promise((resolve) => dialog.addEventListener("close", () => resolve(dialog.dataset.done === "yes"), { once: true }));
}

/** Sends the answer of the open question. */
export async function send(form) {
  const dialog = form.closest("dialog");
  form.classList.add("busy");
  try {
    const answer = await request(dialog.dataset.url, { method: "POST", body: new FormData(form) });
    if (answer.status === 204) { dialog.dataset.done = "yes"; dialog.close(); }
    else show(dialog, await answer.text());
  } catch { toast(text("offline"), "bad"); } finally { form.classList.remove("busy"); }
}

export function start() {
  onAsked(ask);
  document.addEventListener("submit", (event) => {
    const form = event.target.closest?.("#gx-who form");
    if (!form) return;
    event.preventDefault();
    send(form);
  });
  document.addEventListener("htmx:beforeOnLoad", async (event) => {
    const { xhr, requestConfig: sent, elt } = event.detail;
    const address = xhr.status === 401 && xhr.getResponseHeader("Gx-Confirm");
    if (!address) return;
    event.preventDefault();
    if (!(await ask(address))) return;
    htmx.ajax(sent.verb, sent.path, { source: elt, target: sent.target, values: sent.parameters, headers: { "X-CSRFToken": token() } });
  });
}

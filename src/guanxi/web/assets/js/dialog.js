// Dialogs.
//   <button data-gx-open="assign">             opens <dialog id="assign"> of this page
//   <button data-gx-close>                     closes the dialog it stands in; so does a click outside
//   <a href="/customers/7/assign/" data-gx-window="wide" data-title="Assign">   loads that page's <main> (or the part the server
//                                              answers) into a window; without script it is simply that page. A form inside
//                                              is sent from the window: a redirect is followed, any other answer replaces
//                                              the window's content, so errors appear where the form is.
//   <form method="post" data-gx-form> in a dialog of the page behaves the same.
import htmx from "htmx.org";
import { on, parse, request, text } from "./page.js";
import { toast } from "./toast.js";

export function open(dialog) {
  if (!dialog || dialog.open) return;
  dialog.showModal();
  dialog.querySelector(".content :is(input:not([type=hidden]), select, textarea)")?.focus();
}

function windowFor(link) {
  const dialog = document.getElementById("gx-window");
  dialog.className = link.dataset.gxWindow || "";
  dialog.querySelector("h2").textContent = link.dataset.title || link.textContent.trim();
  return dialog;
}

// What came into a window behaves as on a page: app.js hears of it as of anything that htmx swaps in.
function begin(content) {
  htmx.process(content);
  htmx.trigger(content, "htmx:load");
}

function put(dialog, html) {
  const page = parse(html);
  const part = page.querySelector("main") || page.body;
  part.querySelectorAll(".crumbs, .head").forEach((each) => each.remove());
  const content = dialog.querySelector(".content");
  content.replaceChildren(...part.childNodes);
  begin(content);
}

async function load(link) {
  const dialog = windowFor(link);
  dialog.querySelector(".content").textContent = text("loading");
  dialog.dataset.url = link.href;
  dialog.showModal();
  try {
    const answer = await request(link.href);
    if (answer.redirected && !answer.ok) throw new Error(answer.status);
    const elsewhere = answer.headers.get("HX-Redirect");
    if (elsewhere) return location.assign(elsewhere);
    put(dialog, await answer.text());
    dialog.querySelector(".content :is(input:not([type=hidden]), select, textarea)")?.focus();
  } catch {
    dialog.close();
    location.assign(link.href);
  }
}

async function send(form, submitter) {
  const data = new FormData(form);
  if (submitter?.name) data.append(submitter.name, submitter.value);
  form.classList.add("busy");
  try {
    const dialog = form.closest("dialog");
    const answer = await request(form.getAttribute("action") || dialog.dataset.url || location.href, { method: "POST", body: data });
    const to = answer.headers.get("HX-Redirect") || (answer.redirected ? answer.url : "");
    if (to) {
      form.dispatchEvent(new CustomEvent("gx:sent", { bubbles: true }));
      location.assign(to);
      if (new URL(to, location.href).pathname === location.pathname) location.reload();
    } else if (answer.headers.get("HX-Refresh") === "true" || answer.status === 204) {
      form.dispatchEvent(new CustomEvent("gx:sent", { bubbles: true }));
      location.reload();
    } else if (answer.status === 403) {
      toast(text("forbidden"), "bad");
    } else if (answer.status >= 500) {
      toast(text("failed"), "bad");
    } else {
      await show(dialog, form, await answer.text());
    }
  } catch {
    toast(text("offline"), "bad");
  } finally {
    form.classList.remove("busy");
  }
}

async function show(dialog, form, html) {
  if (dialog.id === "gx-window") return put(dialog, html);
  // A form of the page itself: take the same form, or what stands in its place, out of the answer.
  const page = parse(html);
  const same = page.querySelector(`dialog#${CSS.escape(dialog.id)} .content`) || page.querySelector("main") || page.body;
  const content = dialog.querySelector(".content");
  content.replaceChildren(...same.childNodes);
  begin(content);
}

export function start() {
  on("click", "[data-gx-open]", (event, button) => { event.preventDefault(); open(document.getElementById(button.dataset.gxOpen)); });
  on("click", "[data-gx-close]", (event, button) => { event.preventDefault(); button.closest("dialog")?.close(); });
  on("click", "a[data-gx-window]", (event, link) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    load(link);
  });
  on("pointerdown", "dialog", (event, dialog) => { if (event.target === dialog && !dialog.querySelector("form")) dialog.close(); });
  on("submit", "#gx-window form[method=post], dialog form[data-gx-form]", (event, form) => { event.preventDefault(); send(form, event.submitter); });
}

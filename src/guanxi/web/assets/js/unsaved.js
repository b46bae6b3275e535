// No lost input. <form data-gx-guard> (or any form.record):
// - leaving with unsaved values asks first;
// - a copy of what is typed is kept in this tab (sessionStorage, by address and person) and put back after an accidental reload,
//   crash of the page or a lost session; dropped after a successful save, on discard and on logging out;
// - sending while the network is down keeps the form on the screen and says so.
// Passwords, hidden fields and files are never kept; nor is a form that is sent step by step (data-gx-steps): the server has it;
// nor what answers the question who it is (.confirm; see who.js).
import { on, settled, text } from "./page.js";
import { toast } from "./toast.js";

const GUARDED = "form.record:not([data-gx-steps], .confirm), form[data-gx-guard]";
const dirty = new Set();
const PREFIX = "gx-draft:";
const key = () => `${PREFIX}${document.body.dataset.gxPerson}:${location.pathname}`;

function values(form) {
  const kept = [];
  for (const control of form.elements) {
    if (!control.name || control.name === "csrfmiddlewaretoken" || ["password", "file", "submit", "button"].includes(control.type)) continue;
    if (control.type === "hidden" && control.dataset.gxLinkId === undefined) continue;
    if (["checkbox", "radio"].includes(control.type)) kept.push([control.name, control.value, control.checked]);
    else if (control.multiple) kept.push([control.name, [...control.selectedOptions].map((each) => each.value)]);
    else kept.push([control.name, control.value]);
  }
  return kept;
}

function putBack(form, kept) {
  const seen = {};
  let changed = false;
  for (const [name, value, checked] of kept) {
    const all = [...form.elements].filter((each) => each.name === name);
    if (checked !== undefined) {
      const box = all.find((each) => each.value === value);
      if (box && box.checked !== checked) { box.checked = checked; changed = true; }
    } else {
      const control = all[seen[name] = (seen[name] ?? -1) + 1];
      if (!control) continue;
      if (Array.isArray(value)) [...control.options].forEach((each) => { each.selected = value.includes(each.value); });
      else if (control.value !== value) { control.value = value; changed = true; }
    }
  }
  return changed;
}

function state(form, word) { form.querySelectorAll("[data-gx-form-state]").forEach((each) => { each.textContent = word ? text(word) : ""; }); }

const store = (form) => sessionStorage.setItem(key(), JSON.stringify({ version: form.elements.version?.value || "", values: values(form) }));
const keep = settled((form) => { if (dirty.has(form)) store(form); }, 400);

export function clean(form) { dirty.delete(form); sessionStorage.removeItem(key()); state(form, ""); }

function forget() { Object.keys(sessionStorage).filter((each) => each.startsWith(PREFIX)).forEach((each) => sessionStorage.removeItem(each)); }

function offerDraft(form) {
  const stored = sessionStorage.getItem(key());
  if (!stored) return;
  const draft = JSON.parse(stored);
  // Somebody else saved in between: what was typed belongs to an older version and would hide their change.
  if (draft.version !== (form.elements.version?.value || "")) { sessionStorage.removeItem(key()); return; }
  const original = values(form);
  if (!putBack(form, draft.values)) return;
  dirty.add(form);
  state(form, "unsavedState");
  const note = document.createElement("div");
  note.className = "flash warn";
  note.setAttribute("role", "status");
  const words = document.createElement("span");
  words.textContent = text("restored");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "textlink close";
  button.textContent = text("discard");
  button.addEventListener("click", () => { putBack(form, original); clean(form); note.remove(); });
  note.append(words, button);
  form.before(note);
}

async function send(event, form) {
  if (event.defaultPrevented || form.method !== "post") return;
  if (navigator.onLine === false) { event.preventDefault(); toast(text("offline"), "bad"); return; }
  if (form.dataset.gxReached) { delete form.dataset.gxReached; return; }
  // A quick look whether the server is there, before the browser leaves the page for an error page of its own.
  event.preventDefault();
  const submitter = event.submitter;
  state(form, "saving");
  form.classList.add("busy");
  try {
    await fetch(document.querySelector("link[rel=icon]")?.href || "/", { method: "HEAD", cache: "no-store" });
    form.dataset.gxReached = "yes";
    store(form); // should the answer be that the session has ended, it is put back after the next log-in
    sessionStorage.setItem(`${PREFIX}sent`, key());
    dirty.delete(form);
    form.requestSubmit(submitter);
  } catch {
    state(form, "unsavedState");
    toast(text("offline"), "bad");
  } finally {
    form.classList.remove("busy");
  }
}

export function start() {
  const form = document.querySelector(GUARDED);
  const sent = sessionStorage.getItem(`${PREFIX}sent`);
  if (sent) {
    sessionStorage.removeItem(`${PREFIX}sent`);
    // Arriving elsewhere, or being told so, means that it was saved. The same form with a complaint was refused: the server put
    // the values back. The same form without either never got there: the session had ended, or the server was in trouble.
    if (sent !== key() || document.querySelector(".page > .flash.ok")) sessionStorage.removeItem(sent);
    else if (form?.querySelector(".problem, .bad")) { dirty.add(form); state(form, "unsavedState"); }
    else if (form) offerDraft(form);
  } else if (form) offerDraft(form);
  const touch = (event, changed) => { dirty.add(changed); state(changed, "unsavedState"); keep(changed); };
  on("input", GUARDED, touch);
  on("change", GUARDED, touch);
  on("gx:sent", "form", (event, saved) => clean(saved));
  on("submit", GUARDED, send);
  on("click", "[data-gx-leave]", () => { document.querySelectorAll(GUARDED).forEach(clean); });
  on("submit", "[data-gx-forget-drafts]", forget);
  window.addEventListener("beforeunload", (event) => {
    for (const each of dirty) if (!each.isConnected) dirty.delete(each);
    if (dirty.size) event.preventDefault();
  });
}

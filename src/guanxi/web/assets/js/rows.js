// Rows of a list: choosing them, the bulk bar, moving among them by keys.
//   <form data-gx-bulk-form> <table class="list" data-gx-rows> … <input type="checkbox" data-gx-select-all> …
//     <tr data-pk="7" data-may="edit delete"> <input type="checkbox" name="pk" value="7"> <a class="n" href="/customers/7/">
//       <td class="acts"></td>, with <template id="gx-verbs"> for its menu
//   <div class="bulk" data-gx-bulk hidden> <span class="count" data-gx-count></span> <button name="action" value="…"> …
// Shift-click chooses a range. A click on an empty part of a row opens it. Without script the boxes and buttons still post;
// give the bulk bar class "no-js-show" then (it is only hidden by script).
import { on, text } from "./page.js";

let last;

const boxes = (table) => [...table.querySelectorAll("tbody input[name=pk]")];
const table = () => document.querySelector("dialog[open] table[data-gx-rows]") || document.querySelector("table[data-gx-rows]");

function refresh(of) {
  equip(of);
  const all = boxes(of);
  const chosen = all.filter((box) => box.checked);
  all.forEach((box) => box.closest("tr").setAttribute("aria-selected", box.checked ? "true" : "false"));
  const head = of.querySelector("[data-gx-select-all]");
  if (head) { head.checked = chosen.length > 0 && chosen.length === all.length; head.indeterminate = chosen.length > 0 && chosen.length < all.length; }
  const scope = of.closest("form, .sheet") || document;
  const bar = scope.querySelector("[data-gx-bulk]") || document.querySelector("[data-gx-bulk]");
  if (!bar) return;
  bar.hidden = chosen.length === 0;
  bar.parentElement.querySelectorAll("[data-gx-bulk-other]").forEach((each) => { each.hidden = chosen.length > 0; });
  bar.querySelectorAll("[data-gx-count]").forEach((each) => { each.textContent = text("selected", { count: chosen.length }); });
}

function here() { return table()?.querySelector("tr.here"); }

export function move(by) {
  const rows = [...(table()?.querySelectorAll("tbody tr:not(.group)") || [])];
  if (!rows.length) return;
  const at = rows.indexOf(here());
  const next = rows[Math.min(Math.max(at + by, 0), rows.length - 1)];
  rows[at]?.classList.remove("here");
  next.classList.add("here");
  next.scrollIntoView({ block: "nearest" });
  next.querySelector("a.n, a[href]")?.focus({ preventScroll: true });
}

export function openRow(which) {
  const row = here();
  const to = which === "edit" ? row && may(row, "edit") && `${row.closest("table").dataset.base}${row.dataset.pk}/edit/` : leads(row);
  if (to) location.assign(to);
  return !!to;
}

export function toggleRow() {
  const box = here()?.querySelector("input[name=pk]");
  if (box) { box.checked = !box.checked; refresh(box.closest("table")); }
}

export function clearRows() {
  const of = table();
  const any = of && boxes(of).some((box) => box.checked);
  if (any) { boxes(of).forEach((box) => { box.checked = false; }); refresh(of); }
  return any;
}

const leads = (row) => row?.dataset.href || row?.querySelector("a.n")?.getAttribute("href");
const may = (row, verb) => (row.dataset.may || "").split(" ").includes(verb);

/** The menu of each row, copied from the page's one of them. */
function equip(of) {
  const verbs = document.getElementById("gx-verbs");
  if (!verbs) return;
  of.querySelectorAll("tbody td.acts:empty").forEach((cell) => {
    const row = cell.closest("tr");
    cell.append(verbs.content.cloneNode(true));
    cell.querySelectorAll("[data-needs]").forEach((each) => { if (!may(row, each.dataset.needs)) each.remove(); });
    const summary = cell.querySelector("summary");
    summary.setAttribute("aria-label", summary.getAttribute("aria-label").replace(":title:", row.querySelector("a.n")?.textContent ?? ""));
    cell.querySelectorAll("a").forEach((each) => { each.setAttribute("href", each.getAttribute("href").replace(":href:", leads(row)).replace(":pk:", row.dataset.pk)); });
  });
}

export function start() {
  document.querySelectorAll("table[data-gx-rows]").forEach(refresh);
  document.addEventListener("htmx:afterSwap", () => document.querySelectorAll("table[data-gx-rows]").forEach(refresh));
  window.addEventListener("pageshow", () => document.querySelectorAll("table[data-gx-rows]").forEach(refresh));
  on("change", "[data-gx-select-all]", (event, head) => {
    const of = head.closest("table");
    boxes(of).forEach((box) => { box.checked = head.checked; });
    refresh(of);
  });
  on("click", "table[data-gx-rows] tbody input[name=pk]", (event, box) => {
    const of = box.closest("table");
    const all = boxes(of);
    if (event.shiftKey && last && all.includes(last)) {
      const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
      all.slice(from, to + 1).forEach((each) => { each.checked = box.checked; });
    }
    last = box;
    refresh(of);
  });
  on("click", "[data-gx-clear]", () => clearRows());
  on("click", "table[data-gx-rows] tbody tr", (event, row) => {
    const to = leads(row);
    if (!to || event.defaultPrevented || event.detail > 1 || event.target.closest("a, button, input, label, details, select, .pick, .editable, .editing") || row.closest("dialog") || String(getSelection())) return;
    if (event.ctrlKey || event.metaKey) window.open(to, "_blank", "noopener");
    else location.assign(to);
  });
}

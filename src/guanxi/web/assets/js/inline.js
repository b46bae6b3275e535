// Editing in a list: double click (or Enter on a focused cell, or a pencil) turns a cell into its input.
//   <table data-base="/customers/customer/"> <tr data-pk="7"> <td class="editable" data-gx-edit="city">成都</td>
// GET of /customers/customer/7/field/city/ answers the input (a form or a bare control); saving POSTs the control's form values to the same address. 2xx answers the
// cell's new content; 409/422 answers the reason, shown under the input, and what was typed stays. Enter or leaving saves, Esc
// puts the old content back. A response header HX-Trigger with "gx:toast" is shown.
import { composing, on, parse, request, text } from "./page.js";
import { toast } from "./toast.js";

const before = new WeakMap();

const place = (cell) => `${cell.closest("table").dataset.base}${cell.closest("tr").dataset.pk}/field/${cell.dataset.gxEdit}/`;

async function open(cell) {
  if (cell.classList.contains("editing")) return;
  let html;
  try {
    const answer = await request(place(cell));
    html = await answer.text();
    if (!answer.ok) return toast(parse(html).body.textContent.trim().slice(0, 300) || text("forbidden"), "bad");
  } catch { return toast(text("offline"), "bad"); }
  before.set(cell, [...cell.childNodes]);
  cell.classList.add("editing");
  cell.replaceChildren(...parse(html).body.childNodes);
  const control = cell.querySelector("input:not([type=hidden]), select, textarea");
  control?.classList.add("control");
  control?.focus();
  control?.select?.();
  if (control) cell.dataset.typed = control.type === "checkbox" ? control.checked : control.value;
}

function shut(cell, nodes) {
  cell.classList.remove("editing");
  cell.replaceChildren(...nodes);
}

async function save(cell) {
  if (!cell.classList.contains("editing") || cell.dataset.busy) return;
  const control = cell.querySelector("input:not([type=hidden]), select, textarea");
  const now = String(control?.type === "checkbox" ? control.checked : control?.value);
  if (!control || now === cell.dataset.typed) return shut(cell, before.get(cell));
  const body = new FormData();
  cell.querySelectorAll("input[name], select[name], textarea[name]").forEach((each) => { if (each.type !== "checkbox" || each.checked) body.append(each.name, each.value); });
  cell.dataset.busy = "true";
  try {
    const answer = await request(place(cell), { method: "POST", body });
    const said = parse(await answer.text()).body;
    if (answer.ok) {
      shut(cell, said.childNodes);
      cell.focus();
      const trigger = answer.headers.get("HX-Trigger");
      const news = trigger?.startsWith("{") && JSON.parse(trigger)["gx:toast"];
      if (news) toast(news.text, news.tone);
    } else { complain(cell, said.textContent.trim() || text("failed")); }
  } catch { complain(cell, text("offline")); } finally { delete cell.dataset.busy; }
}

function complain(cell, reason) {
  cell.querySelector(".error")?.remove();
  const p = document.createElement("p");
  p.className = "error";
  p.setAttribute("role", "alert");
  p.textContent = reason.slice(0, 300);
  cell.append(p);
}

export function start() {
  on("dblclick", "[data-gx-edit]", (event, cell) => { if (!event.target.closest("a")) open(cell); });
  on("click", "[data-gx-edit-now]", (event, button) => open(button.closest("[data-gx-edit]")));
  on("keydown", "[data-gx-edit]", (event, cell) => {
    if (composing(event)) return;
    const editing = cell.classList.contains("editing");
    if (!editing && event.target === cell && (event.key === "Enter" || event.key === "F2" || event.key === "e")) { event.preventDefault(); event.stopPropagation(); open(cell); }
    else if (editing && event.key === "Escape") { event.stopPropagation(); shut(cell, before.get(cell)); cell.focus(); }
    else if (editing && event.key === "Enter" && !event.target.matches("textarea")) { event.preventDefault(); save(cell); }
  });
  on("focusout", "[data-gx-edit].editing", (event, cell) => { if (!cell.contains(event.relatedTarget)) save(cell); });
  on("change", "[data-gx-edit].editing select", (event, select) => save(select.closest("[data-gx-edit]")));
}

// The filter builder: rows of field, operator, value, added and removed without asking the server.
//   <form data-gx-filter>
//     <div data-gx-conditions> …rows…  </div> <button type="button" data-gx-condition-add>
//     <template data-gx-condition> <div class="condition"> <select name="field"><option value="city" data-kind="text">…</select>
//        <select name="operator"></select> <span data-gx-value></span> <button type="button" data-gx-condition-remove> </div> </template>
//     <template data-gx-operators="text"> <option value="contains">contains</option> … </template>
//     <template data-gx-value-of="text"> <input name="value" class="control"> </template>   (per kind; per field: data-gx-value-of="field:city")
// Rows are sent as parallel lists field, operator, value. Operators with data-bare take no value (an empty one is sent).
import { on } from "./page.js";

const template = (form, name, key) => form.querySelector(`template[data-gx-${name}="${CSS.escape(key)}"]`)?.content.cloneNode(true);

function kindOf(row) {
  const select = row.querySelector("[name=field]");
  return { field: select.value, kind: select.selectedOptions[0]?.dataset.kind || "text" };
}

function shape(row, keepValue) {
  const form = row.closest("form");
  const { field, kind } = kindOf(row);
  const operators = row.querySelector("[name=operator]");
  const before = operators.value;
  const some = template(form, "operators", kind);
  if (some) { operators.replaceChildren(some); if ([...operators.options].some((each) => each.value === before)) operators.value = before; }
  if (!keepValue) {
    const holder = row.querySelector("[data-gx-value]");
    holder.replaceChildren(template(form, "value-of", `field:${field}`) || template(form, "value-of", kind) || "");
  }
  bare(row);
}

function bare(row) {
  const without = row.querySelector("[name=operator]").selectedOptions[0]?.dataset.bare !== undefined;
  row.querySelectorAll("[data-gx-value] :is(input, select)").forEach((each) => { each.readOnly = without; each.classList.toggle("quiet", without); if (without) each.value = ""; });
  row.querySelector("[data-gx-value]").hidden = false;
  row.querySelector("[data-gx-value]").style.visibility = without ? "hidden" : "";
}

function add(form) {
  const row = form.querySelector("template[data-gx-condition]").content.firstElementChild.cloneNode(true);
  form.querySelector("[data-gx-conditions]").append(row);
  shape(row, false);
  row.querySelector("[name=field]").focus();
}

export function start() {
  on("click", "[data-gx-condition-add]", (event, button) => { event.preventDefault(); add(button.closest("form")); });
  on("click", "[data-gx-condition-remove]", (event, button) => { event.preventDefault(); button.closest(".condition").remove(); });
  on("change", ".condition [name=field]", (event, select) => shape(select.closest(".condition"), false));
  on("change", ".condition [name=operator]", (event, select) => bare(select.closest(".condition")));
  // <select data-gx-submit> and <input data-gx-submit> send their form at once (quick filters, page length).
  on("change", "[data-gx-submit]", (event, control) => control.form.requestSubmit());
}

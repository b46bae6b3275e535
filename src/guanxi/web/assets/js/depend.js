// Fields that depend on others: <div class="field" data-gx-shown='{"all":[{"field":"kind","op":"in","value":["a"]}]}' data-gx-needed='…'>
// A field whose condition does not hold is hidden and not sent; one that becomes mandatory is marked. The server judges
// again when the form is saved; operators that are not known here count as holding, and are left to it.
const held = (form, name) => [...form.elements]
  .filter((each) => each.name === name && !["submit", "button"].includes(each.type) && (!["checkbox", "radio"].includes(each.type) || each.checked))
  .map((each) => each.value).filter((value) => value !== "");

const judges = {
  equals: (values, asked) => values[0] === String(asked),
  is: (values, asked) => (values.length > 0) === ["1", "true", "yes", "是"].includes(String(asked)),
  in: (values, asked) => values.some((value) => [].concat(asked).map(String).includes(value)),
  not_in: (values, asked) => !values.some((value) => [].concat(asked).map(String).includes(value)),
  filled: (values) => values.length > 0,
  empty: (values) => values.length === 0,
};

function holds(form, tree) {
  if (tree.all) return tree.all.every((part) => holds(form, part));
  if (tree.any) return tree.any.some((part) => holds(form, part));
  if (tree.not) return !holds(form, tree.not);
  const judge = judges[tree.op];
  return !judge || !form.querySelector(`[data-field="${CSS.escape(tree.field || "")}"]`) || judge(held(form, tree.field), tree.value);
}

function show(field, shown) {
  field.hidden = !shown;
  field.querySelectorAll("input, select, textarea").forEach((each) => { each.disabled = !shown; });
  field.closest("form")?.querySelectorAll('input[name="boxes"]').forEach((each) => { if (each.value === field.dataset.field) each.disabled = !shown; });
}

function need(field, needed) {
  const label = field.querySelector("label, legend");
  let mark = label?.querySelector(".must.depends");
  if (needed && label && !label.querySelector(".must")) {
    mark = document.createElement("span");
    mark.className = "must depends";
    mark.textContent = "*";
    label.append(mark);
  } else if (!needed) mark?.remove();
}

function judge(form) {
  form.querySelectorAll("[data-gx-shown]").forEach((field) => show(field, holds(form, JSON.parse(field.dataset.gxShown))));
  form.querySelectorAll("[data-gx-needed]").forEach((field) => need(field, holds(form, JSON.parse(field.dataset.gxNeeded))));
}

export function start(root) {
  root.querySelectorAll("form.record").forEach((form) => {
    if (form.dataset.depends || !form.querySelector("[data-gx-shown], [data-gx-needed]")) return;
    form.dataset.depends = "true";
    for (const happened of ["input", "change"]) form.addEventListener(happened, () => judge(form));
    judge(form);
  });
}

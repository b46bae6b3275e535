// Duplicates while typing: asks the server whether such a record exists, and shows its answer under the field.
//   <form data-gx-similar="/customers/similar/" data-gx-similar-fields="name,phone,credit_code"> … </form>
// GET with the form's values of those fields; the answer's markup (empty when there is none) is put below the field typed in.
import { on, parse, request, settled } from "./page.js";

let asked = 0;

const look = settled(async (form, field) => {
  const mine = ++asked;
  const names = form.dataset.gxSimilarFields.split(",");
  const query = new URLSearchParams();
  names.forEach((name) => { const value = new FormData(form).get(name); if (value) query.append(name, value); });
  if (form.dataset.gxSimilarExcept) query.append("except", form.dataset.gxSimilarExcept);
  try {
    const answer = await request(`${form.dataset.gxSimilar}?${query}`);
    if (mine !== asked || !answer.ok) return;
    const nodes = [...parse(await answer.text()).body.childNodes];
    let panel = form.querySelector(".similar");
    if (!panel) { panel = document.createElement("div"); panel.className = "similar"; panel.setAttribute("aria-live", "polite"); }
    panel.replaceChildren(...nodes);
    if (panel.textContent.trim()) field.closest(".field").append(panel);
    else panel.remove();
  } catch { /* a hint only: saving checks again */ }
}, 350);

function typed(event, form) {
  const field = event.target;
  if (!event.isComposing && form.dataset.gxSimilarFields.split(",").includes(field.name)) look(form, field);
}

export function start() {
  on("input", "form[data-gx-similar]", typed);
  on("compositionend", "form[data-gx-similar]", (event, form) => look(form, event.target));
}

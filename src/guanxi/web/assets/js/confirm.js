// A question before something that matters.
//   <button data-gx-confirm="Delete 3 customers?" data-gx-confirm-yes="Delete" data-gx-confirm-tone="danger">
// also on links and on <form data-gx-confirm>. The act happens only after "yes"; without script the server's own page asks.
import { on, text } from "./page.js";

const agreed = new WeakSet();

/** Asks; resolves to true or false. */
export function ask(question, yes = "", tone = "ink") {
  const dialog = document.getElementById("gx-confirm");
  dialog.querySelector(".content p").textContent = question;
  const button = dialog.querySelector("[data-gx-yes]");
  button.textContent = yes || text("continue");
  button.className = `btn btn-${tone}`;
  dialog.returnValue = "";
  dialog.showModal();
  button.focus();
  return new Promise((resolve) => {
    button.onclick = () => dialog.close("yes");
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

async function hold(event, element, repeat) {
  if (agreed.delete(element)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const { gxConfirm, gxConfirmYes, gxConfirmTone } = element.dataset;
  if (!(await ask(gxConfirm, gxConfirmYes, gxConfirmTone))) return;
  agreed.add(element);
  repeat();
}

export function start() {
  on("click", "[data-gx-confirm]:not(form)", (event, element) => hold(event, element, () => element.click()), true);
  on("submit", "form[data-gx-confirm]", (event, form) => hold(event, form, () => form.requestSubmit(event.submitter)), true);
}

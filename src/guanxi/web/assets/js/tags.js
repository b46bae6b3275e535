// Tags: <input data-gx-tags value="重点, 春糖"> shows each as a chip. The input keeps its comma text and is what is sent.
// Enter, comma (also Chinese ，、) or leaving adds; Backspace in the empty field removes the last.
import { composing, text } from "./page.js";

const parts = (value) => [...new Set(value.split(/[,，、;；]/).map((each) => each.trim()).filter(Boolean))];

function build(input) {
  input.dataset.built = "true";
  const box = document.createElement("div");
  box.className = "chosen-tags";
  const entry = document.createElement("input");
  entry.type = "text";
  entry.id = input.id;
  entry.setAttribute("autocomplete", "off");
  if (input.placeholder) entry.placeholder = input.placeholder;
  input.removeAttribute("id");
  input.hidden = true;
  input.after(box);
  const set = (tags) => { input.value = tags.join(", "); draw(); input.dispatchEvent(new Event("change", { bubbles: true })); };
  function draw() {
    box.replaceChildren(...parts(input.value).map((tag) => {
      const chip = document.createElement("span");
      chip.className = "tag";
      chip.textContent = tag;
      const cross = document.createElement("button");
      cross.type = "button";
      cross.className = "x";
      cross.textContent = "×";
      cross.setAttribute("aria-label", `${text("remove")} ${tag}`);
      cross.addEventListener("click", () => { set(parts(input.value).filter((each) => each !== tag)); entry.focus(); });
      chip.append(cross);
      return chip;
    }), entry);
  }
  const add = () => { if (entry.value.trim()) { const value = entry.value; entry.value = ""; set(parts(`${input.value},${value}`)); entry.focus(); } };
  entry.addEventListener("keydown", (event) => {
    if (composing(event)) return;
    if (event.key === "Enter" && entry.value.trim()) { event.preventDefault(); add(); }
    else if (event.key === "Backspace" && !entry.value) set(parts(input.value).slice(0, -1));
  });
  entry.addEventListener("input", (event) => { if (!event.isComposing && /[,，、;；]/.test(entry.value)) add(); });
  entry.addEventListener("blur", add);
  box.addEventListener("click", () => entry.focus());
  draw();
}

export function start(root = document) { root.querySelectorAll("input[data-gx-tags]:not([data-built])").forEach(build); }

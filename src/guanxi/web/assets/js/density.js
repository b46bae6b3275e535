// Density of lists, the person's own choice on this device: <button data-gx-density="dense|normal|roomy" aria-pressed>.
import { on } from "./page.js";

const KEY = "gx-density";

function apply(density) {
  document.documentElement.classList.remove("dense", "roomy");
  if (density !== "normal") document.documentElement.classList.add(density);
  document.querySelectorAll("[data-gx-density]").forEach((each) => each.setAttribute("aria-pressed", each.dataset.gxDensity === density ? "true" : "false"));
}

export function start() {
  apply(localStorage.getItem(KEY) || "normal");
  on("click", "[data-gx-density]", (event, button) => { localStorage.setItem(KEY, button.dataset.gxDensity); apply(button.dataset.gxDensity); });
}

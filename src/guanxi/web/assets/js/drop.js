// Files. <div class="drop-zone" data-gx-drop data-max-mb="20"><input type="file"><ul data-gx-drop-names></ul></div>
// The input covers the zone, so dropping works without us; this shows the names and refuses what is too large at once.
import { on, text } from "./page.js";
import { toast } from "./toast.js";

const size = (bytes) => (bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} KB` : `${(bytes / 1e6).toFixed(1)} MB`);

export function start() {
  for (const [type, over] of [["dragover", true], ["dragleave", false], ["drop", false]]) on(type, "[data-gx-drop]", (event, zone) => zone.classList.toggle("over", over));
  on("change", "[data-gx-drop] input[type=file]", (event, input) => {
    const zone = input.closest("[data-gx-drop]");
    const limit = Number(zone.dataset.maxMb || 20);
    if ([...input.files].some((file) => file.size > limit * 1048576)) { toast(text("tooBig", { limit }), "bad"); input.value = ""; }
    zone.querySelector("[data-gx-drop-names]")?.replaceChildren(...[...input.files].map((file) => { const item = document.createElement("li"); item.textContent = `${file.name} · ${size(file.size)}`; return item; }));
    if (input.files.length && zone.dataset.gxDrop === "submit") input.form.requestSubmit();
  });
}

// Copying. <button data-gx-copy="91510100MA6C8XYZ1K">…</button> or data-gx-copy-from="#id" for an element's text.
import { on, text } from "./page.js";
import { toast } from "./toast.js";

export function start() {
  on("click", "[data-gx-copy], [data-gx-copy-from]", async (event, button) => {
    const words = button.dataset.gxCopy || document.querySelector(button.dataset.gxCopyFrom)?.textContent.trim() || "";
    try {
      await navigator.clipboard.writeText(words);
    } catch {
      // No clipboard without https: select in a field and let the browser copy.
      const field = document.createElement("textarea");
      field.value = words;
      document.body.append(field);
      field.select();
      document.execCommand("copy");
      field.remove();
    }
    toast(text("copied"));
  });
}

// The column chooser: order by dragging (or Alt+↑/↓ on a box), choice by boxes; the form then posts or gets as it stands.
//   <ul class="columns" data-gx-sortable><li><span class="grip">⠿</span><label><input type="checkbox" name="column" value="city">City</label></li></ul>
// The boxes are sent in the order they stand in: that is the order of the columns.
import { on } from "./page.js";

export function start(root = document) {
  root.querySelectorAll("[data-gx-sortable]:not([data-sorting])").forEach(async (list) => {
    list.dataset.sorting = "true";
    const { default: Sortable } = await import("sortablejs/modular/sortable.core.esm.js");
    Sortable.create(list, { handle: list.querySelector(".grip") ? ".grip" : undefined, animation: 120, ghostClass: "sortable-ghost", onEnd: () => list.dispatchEvent(new Event("change", { bubbles: true })) });
  });
}

on("keydown", "[data-gx-sortable] input", (event, box) => {
  if (!event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
  event.preventDefault();
  const item = box.closest("li");
  if (event.key === "ArrowUp") item.previousElementSibling?.before(item);
  else item.nextElementSibling?.after(item);
  box.focus();
});

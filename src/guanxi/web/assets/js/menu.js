// Drop-downs.  <details class="menu" data-gx-menu><summary>…</summary><div class="drop">…</div></details>
// <details> alone opens by click and keyboard; this adds: opening by pointing with a mouse, closing by Esc, by a click
// elsewhere and by leaving, arrow keys between items, one open at a time.
import { on } from "./page.js";

const LINGER = 220; // ms a menu stays after the pointer left: diagonal ways to an item cross its edge

const openMenus = () => document.querySelectorAll("details[data-gx-menu][open]");
const closeAll = (but) => openMenus().forEach((menu) => { if (menu !== but && !menu.contains(but)) menu.open = false; });

function step(menu, by) {
  const items = [...menu.querySelectorAll(".drop :is(a[href], button, input:not([type=hidden]), select)")];
  if (!items.length) return;
  const at = items.indexOf(document.activeElement);
  items[(at + by + items.length) % items.length].focus();
}

export function start() {
  const leaving = new WeakMap();
  const byPointer = new WeakSet();
  document.addEventListener("pointerover", (event) => {
    if (event.pointerType !== "mouse") return;
    const menu = event.target.closest?.("details[data-gx-menu]");
    if (!menu) return;
    clearTimeout(leaving.get(menu));
    if (!menu.open && event.target.closest("summary")) { menu.open = true; byPointer.add(menu); closeAll(menu); }
  });
  document.addEventListener("pointerout", (event) => {
    if (event.pointerType !== "mouse") return;
    const menu = event.target.closest?.("details[data-gx-menu]");
    // A menu that was clicked, or in which somebody types, stays until something else is clicked.
    if (!menu || menu.contains(event.relatedTarget) || !byPointer.has(menu) || menu.querySelector("input:focus")) return;
    leaving.set(menu, setTimeout(() => { menu.open = false; byPointer.delete(menu); }, LINGER));
  });
  on("click", "details[data-gx-menu] > summary", (event, summary) => {
    const menu = summary.parentElement;
    if (byPointer.delete(menu)) event.preventDefault(); // pointing opened it; the click only makes it stay
    else closeAll(menu);
  });
  document.addEventListener("click", (event) => {
    const menu = event.target.closest?.("details[data-gx-menu]");
    if (!menu) closeAll(null);
    else if (event.target.closest(".drop a, .drop button:not([data-gx-stay])")) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    const menu = event.target.closest?.("details[data-gx-menu]");
    if (event.key === "Escape" && openMenus().length) { const [first] = openMenus(); closeAll(null); first.querySelector("summary").focus(); event.stopPropagation(); }
    if (!menu || event.target.matches("input, select, textarea")) return;
    if (event.key === "ArrowDown") { event.preventDefault(); menu.open = true; step(menu, 1); }
    if (event.key === "ArrowUp" && menu.open) { event.preventDefault(); step(menu, -1); }
  });
  document.addEventListener("focusin", (event) => { if (!event.target.closest?.("dialog")) closeAll(event.target.closest?.("details[data-gx-menu]") || event.target); });
}

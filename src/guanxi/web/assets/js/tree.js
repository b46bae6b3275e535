// Trees (departments, categories). <ul class="tree"><li><div class="node"><button class="twig" data-gx-twig aria-expanded="true">…</button>…</div><ul>…</ul></li></ul>
// Open unless folded; what is folded stays so while the tab lives.
import { on } from "./page.js";

const key = (twig) => `gx-fold:${location.pathname}:${twig.dataset.gxTwig}`;

function fold(twig, open) {
  twig.setAttribute("aria-expanded", open ? "true" : "false");
  const below = twig.closest("li").querySelector(":scope > ul");
  if (below) below.hidden = !open;
}

export function start(root = document) {
  root.querySelectorAll("[data-gx-twig]").forEach((twig) => { if (twig.dataset.gxTwig && sessionStorage.getItem(key(twig))) fold(twig, false); });
}

on("click", "[data-gx-twig]", (event, twig) => {
  const open = twig.getAttribute("aria-expanded") !== "true";
  fold(twig, open);
  if (twig.dataset.gxTwig) { if (open) sessionStorage.removeItem(key(twig)); else sessionStorage.setItem(key(twig), "folded"); }
});

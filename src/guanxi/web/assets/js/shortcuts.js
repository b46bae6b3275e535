// Keys. j/k move among rows, o or Enter opens, e edits, x chooses, n makes a new one, / searches this list, ? shows the keys,
// g then a letter goes to a place of the menu:  <a data-gx-go="c" href="/customers/">
//   <a href="/customers/new/" data-gx-key="n">   any control can own a key; e on a page with no row uses data-gx-key="e"
//   <input data-gx-quick>                        the search of this list
// Keys are ignored while something is typed, a dialog is open, or a modifier is held.
import { composing, on, typing } from "./page.js";
import { open } from "./dialog.js";
import { openPalette } from "./palette.js";
import { clearRows, move, openRow, toggleRow } from "./rows.js";

let going = 0;

function press(key) {
  const owner = [...document.querySelectorAll(`[data-gx-key="${CSS.escape(key)}"]`)].find((each) => each.offsetParent !== null);
  if (owner) owner.click();
  return !!owner;
}

function help() {
  const dialog = document.getElementById("gx-keys");
  const places = [...document.querySelectorAll("[data-gx-go]")];
  const head = dialog.querySelector("[data-gx-go-head]");
  if (places.length && head.hidden) {
    head.hidden = false;
    for (const place of places) {
      const row = document.createElement("div");
      row.append(place.textContent.trim().replace(/\d+$/, ""));
      const keys = document.createElement("span");
      for (const letter of ["g", place.dataset.gxGo]) { const kbd = document.createElement("kbd"); kbd.textContent = letter; keys.append(kbd, " "); }
      row.append(keys);
      head.parentElement.append(row);
    }
  }
  open(dialog);
}

const acts = {
  j: () => move(1),
  k: () => move(-1),
  o: () => openRow(),
  Enter: () => document.activeElement.matches("tr.here a, body") && openRow(),
  e: () => openRow("edit") || press("e"),
  x: () => toggleRow(),
  n: () => press("n") || document.querySelector(".top .create")?.click(),
  "?": help,
  "/": () => { const quick = document.querySelector("[data-gx-quick]"); if (quick) { quick.focus(); quick.select(); } else openPalette(); },
  g: () => { going = Date.now(); },
  Escape: () => clearRows() || document.querySelector("tr.here")?.classList.remove("here"),
};

function keydown(event) {
  if (event.defaultPrevented || composing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (typing(event.target)) { if (event.key === "Escape" && event.target.matches("[data-gx-quick]")) event.target.blur(); return; }
  if (document.querySelector("dialog[open]")) return;
  if (going && Date.now() - going < 1200 && event.key !== "g") {
    going = 0;
    const place = document.querySelector(`[data-gx-go="${CSS.escape(event.key)}"]`);
    if (place) { event.preventDefault(); location.assign(place.href); return; }
  }
  const act = acts[event.key];
  if (event.key === "Enter" && !(document.activeElement === document.body)) return;
  if (act) { if (event.key === "/" || event.key === "?") event.preventDefault(); act(); }
  else if (event.key.length === 1) press(event.key);
}

export function start() {
  document.addEventListener("keydown", keydown);
  on("click", "[data-gx-help]", help);
}

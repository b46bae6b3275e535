// The palette: finds anything from any page. Ctrl-K (or ⌘K), or the search box of the top bar.
//   <form data-gx-palette-open action="/search/"><input name="q"></form>
//   <dialog id="gx-palette" data-url="/palette/"> … <div role="listbox"></div></dialog>
// `data-url` answers GET ?q= with entries <a role="option" href="…">…</a>, with <h3> heads between them. Answers that
// arrive late are dropped. Enter before the answer is there, as a barcode reader sends it, asks the search page instead,
// which opens the record of that number. Without script the box is a plain search form.
import { composing, on, onTyping, parse, request, text } from "./page.js";

let dialog, input, found, asked = 0, answered = "";

const options = () => [...found.querySelectorAll("[role=option]")];

function choose(option) {
  options().forEach((each) => each.setAttribute("aria-selected", each === option ? "true" : "false"));
  option?.scrollIntoView({ block: "nearest" });
  if (option) input.setAttribute("aria-activedescendant", option.id);
}

async function look() {
  const mine = ++asked;
  const question = input.value.trim();
  try {
    const answer = await request(`${dialog.dataset.url}?q=${encodeURIComponent(question)}`);
    const html = await answer.text();
    if (mine !== asked) return;
    if (!answer.ok) throw new Error(answer.status);
    found.replaceChildren(...parse(html).body.childNodes);
    answered = question;
    options().forEach((each, at) => { each.id ||= `gx-found-${at}`; each.tabIndex = -1; });
    if (question && !options().length) say("nothing");
    choose(options()[0]);
  } catch {
    if (mine === asked) say("offline");
  }
}

function say(key) {
  const p = document.createElement("p");
  p.className = "nothing";
  p.textContent = text(key);
  found.replaceChildren(p);
}

function keys(event) {
  if (composing(event)) return;
  const all = options();
  const at = all.findIndex((each) => each.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (all.length) choose(all[(at + (event.key === "ArrowDown" ? 1 : -1) + all.length) % all.length]);
  } else if (event.key === "Enter" && input.value.trim() !== answered) {
    event.preventDefault();
    location.assign(`/search/?q=${encodeURIComponent(input.value.trim())}`);
  } else if (event.key === "Enter" && all[at]) {
    event.preventDefault();
    if (event.ctrlKey || event.metaKey) window.open(all[at].href, "_blank", "noopener");
    else location.assign(all[at].href);
  }
}

export function openPalette(question = "") {
  if (!dialog?.dataset.url || dialog.open) return;
  dialog.showModal();
  input.value = question;
  input.select();
  look();
}

export function start() {
  dialog = document.getElementById("gx-palette");
  if (!dialog) return;
  input = dialog.querySelector("input");
  found = dialog.querySelector("[role=listbox]");
  onTyping("#gx-palette input", look, 150);
  input.addEventListener("keydown", keys);
  on("pointerdown", "[data-gx-palette-open] input", (event, box) => { if (dialog.dataset.url) { event.preventDefault(); openPalette(box.value); } });
  on("input", "[data-gx-palette-open] input", (event, box) => { if (!event.isComposing && dialog.dataset.url) { openPalette(box.value); input.setSelectionRange(input.value.length, input.value.length); box.value = ""; } });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") { event.preventDefault(); openPalette(); }
  });
}

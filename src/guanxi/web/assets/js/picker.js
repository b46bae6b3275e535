// The picker: choosing a record from its list while a form stays as it is.
//   <div data-gx-link><input type="hidden" name="customer" data-gx-link-id><input name="customer__text" data-gx-link-text>
//     <button data-gx-link-clear>…</button><button data-gx-picker-url="/customers/?picker=1" data-gx-new-url="/customers/new/">…</button></div>
// The list is the module's own list page: rows <tr data-pk="7" data-title="…">, its filters and pages work inside the window,
// and search sends ?q=. Typing another name into the text empties the id; the server then finds the record by the text.
import { on, onTyping, parse, request, text } from "./page.js";

let dialog, target, address, asked = 0;

const content = () => dialog.querySelector(".content");

async function load(url) {
  const mine = ++asked;
  address = url;
  content().setAttribute("aria-busy", "true");
  try {
    const answer = await request(url);
    const html = await answer.text();
    if (mine !== asked) return;
    if (!answer.ok) throw new Error(answer.status);
    const page = parse(html);
    const list = page.querySelector("table.list");
    const part = list?.closest(".sheet") || page.querySelector("main") || page.body;
    content().replaceChildren(...[part].flatMap((each) => (each === page.body ? [...each.childNodes] : [each])));
    content().querySelectorAll("tr[data-pk]").forEach((row) => { row.tabIndex = 0; });
  } catch {
    if (mine === asked) content().textContent = text("offline");
  } finally {
    content().removeAttribute("aria-busy");
  }
}

function take(row) {
  const [id, words] = [target.querySelector("[data-gx-link-id]"), target.querySelector("[data-gx-link-text]")];
  id.value = row.dataset.pk;
  words.value = row.dataset.title || row.querySelector("a.n")?.textContent.trim() || "";
  for (const each of [id, words]) each.dispatchEvent(new Event("change", { bubbles: true }));
  mark(target);
  dialog.close();
  words.focus();
}

function mark(link) {
  const clear = link.querySelector("[data-gx-link-clear]");
  if (clear) clear.hidden = !link.querySelector("[data-gx-link-text]").value;
}

export function start() {
  dialog = document.getElementById("gx-picker");
  if (!dialog) return;
  const ask = dialog.querySelector(".ask input");
  on("click", "[data-gx-picker-url]", (event, button) => {
    target = button.closest("[data-gx-link]");
    dialog.querySelector("h2").textContent = button.dataset.title || "";
    const another = dialog.querySelector("[data-gx-picker-new]");
    another.hidden = !button.dataset.gxNewUrl;
    if (button.dataset.gxNewUrl) another.href = button.dataset.gxNewUrl;
    ask.value = "";
    dialog.showModal();
    ask.focus();
    load(button.dataset.gxPickerUrl);
  });
  onTyping("#gx-picker .ask input", () => {
    const url = new URL(address, location.href);
    url.searchParams.set("q", ask.value.trim());
    for (const each of ["page", "after", "before", "cursor"]) url.searchParams.delete(each);
    load(url.href);
  });
  dialog.addEventListener("click", (event) => {
    const row = event.target.closest("tr[data-pk]");
    const link = event.target.closest(".content a[href]");
    if (row) { event.preventDefault(); take(row); }
    else if (link) { event.preventDefault(); load(link.href); }
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const rows = [...content().querySelectorAll("tr[data-pk]")];
    const at = rows.indexOf(document.activeElement);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); rows[Math.max(0, Math.min(rows.length - 1, at + (event.key === "ArrowDown" ? 1 : -1)))]?.focus(); }
    else if (event.key === "Enter") { event.preventDefault(); const row = rows[at] || (rows.length === 1 && rows[0]); if (row) take(row); }
  });
  dialog.addEventListener("submit", (event) => event.preventDefault());
  on("input", "[data-gx-link-text]", (event, words) => { const link = words.closest("[data-gx-link]"); link.querySelector("[data-gx-link-id]").value = ""; mark(link); });
  on("click", "[data-gx-link-clear]", (event, button) => {
    const link = button.closest("[data-gx-link]");
    for (const each of link.querySelectorAll("input")) { each.value = ""; each.dispatchEvent(new Event("change", { bubbles: true })); }
    mark(link);
    link.querySelector("[data-gx-link-text]").focus();
  });
}

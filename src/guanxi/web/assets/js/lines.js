// The lines of a document: another line, their order, what is offered for a product, sums while typing.
//   <table data-gx-lines data-ordered data-offered-by="product" data-offer="/sales/quote/line/"> <tr class="line-row" data-number="0">
//     <input name="line-0-quantity"> … <output data-of="amount"> … </table> <template id="gx-line"> (the row numbered "blank")
//   <dl data-gx-sums><output data-sum="goods">…</dl>: sums of priced lines, for the eye only; the server works them out again.
import { on, request } from "./page.js";

const editor = () => document.querySelector("table[data-gx-lines]");
const rowsOf = (of) => [...of.querySelectorAll("tbody .line-row")];
const field = (row, name) => row.querySelector(`[name="line-${row.dataset.number}-${name}"]`);
const struck = (row) => !!field(row, "remove")?.checked;

function add(of) {
  const number = Math.max(-1, ...rowsOf(of).map((row) => Number(row.dataset.number))) + 1;
  const made = document.getElementById("gx-line").content.firstElementChild.cloneNode(true);
  made.dataset.number = number;
  for (const each of made.querySelectorAll("[name]")) each.name = each.name.replace("line-blank-", `line-${number}-`);
  for (const each of made.querySelectorAll("[name=boxes]")) each.value = each.value.replace("line-blank-", `line-${number}-`);
  of.tBodies[0].append(made);
  made.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  return made;
}

function shift(row, by) {
  const other = by < 0 ? row.previousElementSibling : row.nextElementSibling;
  if (!other) return;
  const held = document.activeElement;
  if (by < 0) other.before(row); else other.after(row);
  held?.focus();
  row.dispatchEvent(new Event("change", { bubbles: true }));
}

// ---- What is offered for a product ----------------------------------------------------------------------------------

async function offer(of, rows, anew) {
  const name = of.dataset.offeredBy;
  const wanted = rows.filter((row) => field(row, name)?.value && !struck(row));
  if (!wanted.length) return;
  const asked = new URLSearchParams();
  for (const each of of.closest("form").elements) {
    if (each.name && !/^line-|__text$|^csrf|^form_token|^opened/.test(each.name) && each.value && each.type !== "hidden") asked.set(each.name, each.value);
    if (each.matches?.("[data-gx-link-id]") && !/^line-/.test(each.name) && each.value) asked.set(each.name, each.value);
  }
  for (const key of new Set(wanted.map((row) => field(row, name).value))) asked.append("pk", key);
  try {
    const answer = await request(`${of.dataset.offer}?${asked}`);
    if (!answer.ok) return;
    const offers = await answer.json();
    for (const row of wanted) fill(row, offers[field(row, name).value] || {}, anew);
  } catch { /* the server fills in what is left empty */ }
  sum(of);
}

/** Puts in what is offered; what somebody typed himself stays when only the price book has changed. */
function fill(row, offered, anew) {
  for (const [name, value] of Object.entries(offered)) {
    const control = field(row, name);
    if (!control) continue;
    const own = control.value !== "" && control.value !== control.dataset.offered;
    if (anew || !own) { control.value = value; control.dataset.offered = value; }
  }
}

// ---- Sums while typing: in whole 分, as the server does --------------------------------------------------------------

/** A figure as typed, times 10^places, as a whole number; null where it is none. */
function whole(text, places) {
  const match = /^\s*[¥]?\s*(-?)(\d[\d,]*)?(?:\.(\d*))?\s*%?\s*$/.exec((text || "").normalize("NFKC"));
  if (!match || (match[2] === undefined && !match[3])) return null;
  const digits = (match[2] || "0").replaceAll(",", "") + (match[3] || "").padEnd(places, "0").slice(0, places);
  return BigInt(digits) * (match[1] ? -1n : 1n);
}

const half = (figure, unit) => { const up = (2n * (figure < 0n ? -figure : figure) + unit) / (2n * unit); return figure < 0n ? -up : up; };
const money = (fen) => { const sign = fen < 0n ? "-" : ""; const each = (fen < 0n ? -fen : fen).toString().padStart(3, "0"); return `${sign}${each.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ",")}.${each.slice(-2)}`; };
const put = (within, name, text) => { const out = within?.querySelector(name); if (out) out.textContent = text; };

function sum(of) {
  const sums = document.querySelector("[data-gx-sums]");
  if (!sums) return;
  let goods = 0n;
  for (const row of rowsOf(of)) {
    const price = whole(field(row, "unit_price")?.value, 2);
    const quantity = whole(field(row, "quantity")?.value, 3);
    const discount = whole(field(row, "discount")?.value, 2) ?? 0n;
    const net = price === null ? null : half(price * (10000n - discount), 10000n);
    const amount = net === null || quantity === null ? null : half(net * quantity, 1000n);
    put(row, "[data-of=net_price]", net === null ? "" : money(net));
    put(row, "[data-of=amount]", amount === null ? "" : money(amount));
    if (amount !== null && !struck(row)) goods += amount;
  }
  const own = (name, places) => whole(of.closest("form").elements[name]?.value, places) ?? 0n;
  const reduction = half(goods * own("discount", 2), 10000n);
  const total = goods - reduction + own("freight", 2) + own("adjustment", 2);
  put(sums, "[data-sum=goods]", money(goods));
  put(sums, "[data-sum=reduction]", money(-reduction));
  put(sums, "[data-sum=charges]", money(own("freight", 2) + own("adjustment", 2)));
  put(sums, "[data-sum=amount]", money(total));
}

export function start() {
  on("click", "[data-gx-line-add]", () => add(editor()));
  on("click", "[data-gx-line-up]", (event, button) => shift(button.closest(".line-row"), -1));
  on("click", "[data-gx-line-down]", (event, button) => shift(button.closest(".line-row"), 1));
  document.addEventListener("keydown", (event) => {
    const row = event.target.closest?.("table[data-gx-lines] .line-row");
    if (!row || event.isComposing) return;
    const of = row.closest("table");
    if (event.altKey && of.hasAttribute("data-ordered") && (event.key === "ArrowUp" || event.key === "ArrowDown")) { event.preventDefault(); shift(row, event.key === "ArrowUp" ? -1 : 1); }
    // Enter goes on to the next line instead of sending half a document.
    else if (event.key === "Enter" && of.hasAttribute("data-ordered") && event.target.matches("input:not([type=checkbox])")) {
      event.preventDefault();
      const next = row.nextElementSibling || add(of);
      next.querySelector("input:not([type=hidden])")?.focus();
    } else if (event.key === "F2" && event.target.matches("[data-gx-link-text]")) { event.preventDefault(); event.target.closest("[data-gx-link]").querySelector("[data-gx-picker-url]")?.click(); }
  });
  on("change", "table[data-gx-lines][data-offer] [data-gx-link-id]", (event, id) => {
    const of = id.closest("table");
    if (id.name.endsWith(`-${of.dataset.offeredBy}`)) offer(of, [id.closest(".line-row")], true);
  });
  on("change", "form [data-gx-link-id][name=price_book]", () => { const of = editor(); if (of?.dataset.offer) offer(of, rowsOf(of), false); });
  for (const type of ["input", "change"]) on(type, "form.record", () => { const of = editor(); if (of) sum(of); });
  const of = editor();
  if (of) sum(of);
}

// ---- Two addresses, each copied to the other -------------------------------------------------------------------------
//   <button data-gx-copy-fields="billing_ shipping_">: what stands in the fields that begin with the first goes to the second.

on("click", "[data-gx-copy-fields]", (event, button) => {
  const [from, to] = button.dataset.gxCopyFields.split(" ");
  for (const each of button.closest("form").elements) {
    if (!each.name?.startsWith(from)) continue;
    const other = button.closest("form").elements[to + each.name.slice(from.length)];
    if (other) { other.value = each.value; other.dispatchEvent(new Event("change", { bubbles: true })); }
  }
});

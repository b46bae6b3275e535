// Calendars: dragging what stands in one to another day or hour does what its form would do.
//   <table data-gx-calendar="/calendar/move/"><td data-day="2026-11-24" data-hour="10"><a draggable="true" data-gx-moves="engagement.event" data-pk="7" data-version="3" data-from="2026-11-20">
// POSTs module, pk, version, from, day and hour; a refusal (any answer but 2xx) leaves it where it was and says why.
// A double click on a day or hour follows its link to a new event.
import { on, parse, request, text } from "./page.js";
import { toast } from "./toast.js";

let held = null;

const clear = () => document.querySelectorAll("[data-gx-calendar] .over-here").forEach((cell) => cell.classList.remove("over-here"));

async function moved(item, cell) {
  const stood = item.closest("[data-day]");
  if (stood === cell) return;
  const { gxMoves: module, pk, version, from = "" } = item.dataset;
  const body = new URLSearchParams({ module, pk, version, from, day: cell.dataset.day, hour: cell.dataset.hour || "" });
  cell.append(item);
  const back = () => stood.append(item);
  try {
    const answer = await request(cell.closest("[data-gx-calendar]").dataset.gxCalendar, { method: "POST", body });
    if (answer.ok) return location.reload();
    back();
    const said = parse(await answer.text());
    toast((said.querySelector(".problem li span, .problem h2, .flash span") || said.body).textContent.trim().slice(0, 300) || text("failed"), "bad");
  } catch {
    back();
    toast(text("offline"), "bad");
  }
}

export function start() {
  on("dragstart", "[data-gx-moves]", (event, item) => { held = item; event.dataTransfer.effectAllowed = "move"; event.dataTransfer.setData("text/plain", item.title); });
  on("dragend", "[data-gx-moves]", () => { held = null; clear(); });
  on("dragover", "[data-gx-calendar] td[data-day]", (event, cell) => {
    if (!held) return;
    event.preventDefault();
    clear();
    cell.classList.add("over-here");
  });
  on("drop", "[data-gx-calendar] td[data-day]", (event, cell) => {
    if (!held) return;
    event.preventDefault();
    const item = held;
    held = null;
    clear();
    moved(item, cell);
  });
  on("dblclick", "[data-gx-calendar] td[data-day]", (event, cell) => { if (!event.target.closest("a")) cell.querySelector(".add")?.click(); });
}

// Boards: dragging a card into another lane does what its menu would do.
//   <div class="board" data-gx-board data-url="/opportunities/board/move/"><section class="lane" data-value="won"><ul><li class="card" data-pk="7" data-version="3">
// POSTs pk, version and value; a refusal (any answer but 2xx) puts the card back and says why (the answer's .problem or text).
import { parse, request, text } from "./page.js";
import { toast } from "./toast.js";

async function moved(board, event) {
  if (event.from === event.to) return;
  const back = () => event.from.insertBefore(event.item, event.from.children[event.oldIndex] || null);
  const body = new URLSearchParams({ pk: event.item.dataset.pk, version: event.item.dataset.version || "", value: event.to.closest(".lane").dataset.value });
  try {
    const answer = await request(board.dataset.url, { method: "POST", body });
    const there = answer.headers.get("HX-Redirect"); // where something is asked first, such as why it was lost
    if (answer.ok) return there ? location.assign(there) : location.reload();
    back();
    const said = parse(await answer.text());
    toast((said.querySelector(".problem li span, .flash span") || said.body).textContent.trim().slice(0, 300) || text("failed"), "bad");
  } catch {
    back();
    toast(text("offline"), "bad");
  }
}

export function start(root = document) {
  root.querySelectorAll("[data-gx-board]:not([data-sorting])").forEach(async (board) => {
    board.dataset.sorting = "true";
    const { default: Sortable } = await import("sortablejs/modular/sortable.core.esm.js");
    board.querySelectorAll(".card a").forEach((link) => { link.draggable = false; }); // else the browser drags the link
    board.querySelectorAll(".lane > ul").forEach((lane) => Sortable.create(lane, { group: "board", animation: 120, delay: 180, delayOnTouchOnly: true, ghostClass: "sortable-ghost", onEnd: (event) => moved(board, event) }));
  });
}

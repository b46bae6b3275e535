// A button that prints the page: <button type="button" class="btn js-only" data-gx-print>.
export function start() {
  document.addEventListener("click", (event) => { if (event.target.closest("[data-gx-print]")) window.print(); });
}

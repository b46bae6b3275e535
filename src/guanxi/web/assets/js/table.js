// Wide tables scroll inside <div class="scroll">. One that fits needs no scrolling of its own: its head may then stick below
// the top bar while the page scrolls (class "fits").
const fit = (scroll) => {
  scroll.classList.remove("fits");
  scroll.classList.toggle("fits", scroll.scrollWidth <= scroll.clientWidth + 1);
};

export function start(root = document) {
  root.querySelectorAll("[data-gx-edit]").forEach((cell) => { cell.tabIndex = -1; }); // it takes keys when pointed at, but no Tab
  root.querySelectorAll(".scroll:not([data-measured])").forEach((scroll) => {
    scroll.dataset.measured = "true";
    new ResizeObserver(() => fit(scroll)).observe(scroll);
  });
}

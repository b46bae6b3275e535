// Signing by hand with finger, pen or mouse.
//   <svg data-gx-sign="strokes" viewBox="0 0 600 200"></svg><input type="hidden" name="strokes">   each stroke becomes a line
//   in the drawing; the strokes are sent as [[[x, y], …], …] in the units of the drawing. <button data-gx-sign-clear> begins anew.
//   <form data-gx-sign-once>   is sent once, however often one presses.
const MOST = 6000;

function pad(svg) {
  const field = svg.closest("form").elements[svg.dataset.gxSign];
  const { width, height } = svg.viewBox.baseVal;
  let strokes = [], line = null;
  const within = (value, most) => Math.max(0, Math.min(most, Math.round(value)));
  const place = (event) => {
    const box = svg.getBoundingClientRect();
    return [within(((event.clientX - box.left) * width) / box.width, width), within(((event.clientY - box.top) * height) / box.height, height)];
  };
  const put = (event) => {
    if (strokes.flat().length >= MOST) return;
    strokes.at(-1).push(place(event));
    line.setAttribute("points", strokes.at(-1).map((point) => point.join()).join(" "));
  };
  svg.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    svg.setPointerCapture(event.pointerId);
    line = document.createElementNS("http://www.w3.org/2000/svg", "polyline");
    svg.append(line);
    strokes.push([]);
    put(event);
  });
  svg.addEventListener("pointermove", (event) => { if (line) put(event); });
  for (const end of ["pointerup", "pointercancel"]) svg.addEventListener(end, () => { line = null; field.value = strokes.length ? JSON.stringify(strokes) : ""; });
  svg.closest("form").querySelector("[data-gx-sign-clear]")?.addEventListener("click", () => { strokes = []; field.value = ""; svg.replaceChildren(); });
}

export function start() {
  document.querySelectorAll("[data-gx-sign]").forEach(pad);
  document.querySelectorAll("[data-gx-sign-once]").forEach((form) => form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "true";
  }));
}

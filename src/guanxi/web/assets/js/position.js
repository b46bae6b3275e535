// Where one is. <p data-gx-position data-asking data-found data-refused><span></span><button data-gx-position-again></p>
// within a form with the fields latitude, longitude and accuracy_m: they are filled by what the device tells.
// Without leave, or without a device that knows, the form says so and can be sent all the same.
import { on } from "./page.js";

function ask(place) {
  const form = place.closest("form");
  const said = place.querySelector("span");
  const fill = (name, value) => { const field = form.elements[name]; if (field) field.value = value; };
  const refused = () => { said.textContent = place.dataset.refused; };
  if (!navigator.geolocation) return refused();
  said.textContent = place.dataset.asking;
  navigator.geolocation.getCurrentPosition(({ coords }) => {
    fill("latitude", coords.latitude.toFixed(5));
    fill("longitude", coords.longitude.toFixed(5));
    fill("accuracy_m", Math.round(coords.accuracy));
    said.textContent = place.dataset.found.replace("{metres}", Math.round(coords.accuracy));
  }, refused, { enableHighAccuracy: true, timeout: 20000, maximumAge: 60000 });
}

export function start(root) {
  if (root === document) on("click", "[data-gx-position-again]", (event, button) => ask(button.closest("[data-gx-position]")));
  for (const place of root.querySelectorAll("[data-gx-position]")) ask(place);
}

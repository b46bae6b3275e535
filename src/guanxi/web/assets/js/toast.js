// Toasts: short news that need no answer. Shown by the server through the response header
//   HX-Trigger: {"gx:toast": {"text": "Saved", "tone": "ok"}}
// or by other modules through toast(). Tones: ok, bad. A flash message's cross removes it:
//   <button data-gx-dismiss>
import { icon, on, text } from "./page.js";

export function toast(message, tone = "ok") {
  const box = document.createElement("div");
  box.className = `toast ${tone}`;
  const words = document.createElement("span");
  words.textContent = message;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "close";
  close.setAttribute("aria-label", text("close"));
  close.append(icon("x"));
  close.addEventListener("click", () => box.remove());
  box.append(icon(tone === "bad" ? "alert-circle" : "circle-check"), words, close);
  document.getElementById("gx-toasts")?.append(box);
  if (tone !== "bad") setTimeout(() => box.remove(), 5000);
}

export function start() {
  document.addEventListener("gx:toast", (event) => toast(event.detail.text, event.detail.tone));
  on("click", "[data-gx-dismiss]", (event, button) => button.parentElement.remove());
}

// What every behaviour here needs of the page: its words, delegated events, requests that carry the CSRF token.
// Behaviours are delegated from the document, so that parts swapped in later behave without being started.

const words = JSON.parse(document.getElementById("gx-texts")?.textContent || "{}");

/** The page's word for `key`, with {name} replaced: text("selected", {count: 3}). */
export function text(key, values = {}) {
  return (words[key] || key).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** Calls `act(event, element)` for events of `type` inside elements that match `selector`. */
export function on(type, selector, act, options) {
  document.addEventListener(type, (event) => {
    const element = event.target instanceof Element ? event.target.closest(selector) : null;
    if (element) act(event, element);
  }, options);
}

/** True while an input method composes (the Enter that picks a Chinese word is not the person's Enter). */
export const composing = (event) => event.isComposing || event.keyCode === 229;

/** True where keys belong to what is being typed. */
export const typing = (element) => !!element?.closest?.("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");

export const token = () => document.querySelector("meta[name=csrf-token]")?.content || document.querySelector("input[name=csrfmiddlewaretoken]")?.value || "";

let askWho = null;
/** Enters what asks the person again who he is; see who.js. */
export function onAsked(ask) { askWho = ask; }

/** fetch() that says who asks: the server answers with a part of a page, and checks the token. Where the server wants to know
 *  first who it is, the person is asked and the same request sent again. */
export async function request(url, options = {}) {
  const answer = await fetch(url, {
    credentials: "same-origin",
    ...options,
    headers: { "HX-Request": "true", "X-CSRFToken": token(), ...(options.headers || {}) },
  });
  const question = answer.status === 401 && answer.headers.get("Gx-Confirm");
  return question && askWho && await askWho(question) ? request(url, options) : answer;
}

/** Runs `act` once, `wait` ms after the last call. */
export function settled(act, wait = 150) {
  let timer;
  return (...given) => { clearTimeout(timer); timer = setTimeout(() => act(...given), wait); };
}

/** Follows typing in an input, but never in the middle of a composition. */
export function onTyping(selector, act, wait = 150) {
  const later = settled(act, wait);
  on("input", selector, (event, input) => { if (!event.isComposing) later(input); });
  on("compositionend", selector, (event, input) => later(input));
}

/** Parses a page or a part of one. Scripts in it never run. */
export const parse = (html) => new DOMParser().parseFromString(html, "text/html");

/** A drawn sign of the sprite that the page already uses. */
export function icon(name) {
  const use = document.querySelector("svg.ti use")?.getAttribute("href")?.split("#")[0] || "";
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "ti");
  svg.setAttribute("aria-hidden", "true");
  const drawn = document.createElementNS("http://www.w3.org/2000/svg", "use");
  drawn.setAttribute("href", `${use}#ti-${name}`);
  svg.append(drawn);
  return svg;
}

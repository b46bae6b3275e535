// A running job: asks its address each second and shows the answer, until it is done.
//   <section id="gx-job" data-gx-progress="/jobs/7/" data-next="/imports/7/" data-state="running">
// The answer holds the same section (macro progress); when its data-state is "done" and it has data-next, that page follows.
import { parse, request } from "./page.js";

async function ask(section, failures = 0) {
  try {
    const answer = await request(section.dataset.gxProgress);
    const next = parse(await answer.text()).querySelector("#gx-job");
    if (!answer.ok || !next) throw new Error(answer.status);
    section.replaceWith(next);
    if (next.dataset.state === "done" && next.dataset.next) setTimeout(() => location.assign(next.dataset.next), 600);
    else if (next.dataset.gxProgress) setTimeout(ask, 1000, next);
  } catch {
    // The job runs on the server whether we see it or not: ask again, each time later, up to half a minute.
    setTimeout(ask, Math.min(30000, 1000 * 2 ** failures), section, failures + 1);
  }
}

export function start(root = document) {
  root.querySelectorAll("[data-gx-progress]:not([data-asking])").forEach((section) => { section.dataset.asking = "true"; setTimeout(ask, 700, section); });
}

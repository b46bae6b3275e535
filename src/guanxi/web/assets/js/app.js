// Everything here is comfort: each page and form works without it.
import htmx from "htmx.org";
import { text, token } from "./page.js";
import * as board from "./board.js";
import * as calendar from "./calendar.js";
import * as columns from "./columns.js";
import * as confirm from "./confirm.js";
import * as copy from "./copy.js";
import * as density from "./density.js";
import * as depend from "./depend.js";
import * as dialog from "./dialog.js";
import * as drop from "./drop.js";
import * as filter from "./filter.js";
import * as fold from "./fold.js";
import * as inline from "./inline.js";
import * as key from "./key.js";
import * as lines from "./lines.js";
import * as menu from "./menu.js";
import * as palette from "./palette.js";
import * as picker from "./picker.js";
import * as position from "./position.js";
import * as print from "./print.js";
import * as progress from "./progress.js";
import * as rows from "./rows.js";
import * as shortcuts from "./shortcuts.js";
import * as similar from "./similar.js";
import * as table from "./table.js";
import * as tags from "./tags.js";
import * as toast from "./toast.js";
import * as tree from "./tree.js";
import * as unsaved from "./unsaved.js";
import * as who from "./who.js";

document.documentElement.classList.replace("no-js", "js");

// Delegated behaviours start once; confirm first, because it may stop what the others would do.
for (const each of [confirm, toast, dialog, menu, palette, rows, shortcuts, picker, filter, fold, inline, similar, unsaved, drop, copy, density, print, who, key, calendar, lines]) each.start();

// Behaviours that take hold of elements start again for whatever is swapped in.
const holding = [columns, board, depend, position, progress, tags, table, tree];
for (const each of holding) each.start(document);
htmx.onLoad((root) => { for (const each of holding) each.start(root); });

document.addEventListener("htmx:configRequest", (event) => { event.detail.headers["X-CSRFToken"] = token(); });
// A refusal (409, 422) is a part to show and is swapped in (see htmx-config in base.html); the rest is told.
document.addEventListener("htmx:responseError", (event) => toast.toast(text(event.detail.xhr.status === 403 ? "forbidden" : "failed"), "bad"));
document.addEventListener("htmx:sendError", () => toast.toast(text("offline"), "bad"));

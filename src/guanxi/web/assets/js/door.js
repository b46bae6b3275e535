// The script of the pages before the frame: what the second step needs, and signing by a link.
import * as key from "./key.js";
import * as signature from "./signature.js";

document.documentElement.classList.replace("no-js", "js");
key.start();
signature.start();

// The script of the pages before the frame: only what the second step needs.
import * as key from "./key.js";

document.documentElement.classList.replace("no-js", "js");
key.start();

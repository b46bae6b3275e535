// Builds the front end into ../static/build: app.js, app.css, print.css and the icon sprite icons.svg.
// Run by `npm run build`; `npm run watch` rebuilds on change. The pages add a digest to each address (web/static_files.py).
import { mkdir, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "static", "build");
const outline = join(here, "..", "..", "..", "..", "node_modules", "@tabler", "icons", "icons", "outline");

// What a page may weigh, in bytes. A build that outgrows it fails, so that nobody adds a library unseen.
const LIMITS = {
  "app.js": 120_000, "door.js": 10_000, "modeler.js": 700_000,
  "app.css": 150_000, "modeler.css": 40_000, "print.css": 10_000, "icons.svg": 120_000,
};

async function symbol(name) {
  const svg = await readFile(join(outline, `${name}.svg`), "utf8").catch(() => {
    throw new Error(`icons.json names "${name}", which the icon package does not have`);
  });
  const body = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"));
  return `<symbol id="ti-${name}" viewBox="0 0 24 24">${body.replace(/\s*\n\s*/g, "")}</symbol>`;
}

async function sprite() {
  const names = JSON.parse(await readFile(join(here, "icons.json"), "utf8"));
  const twice = names.filter((name, at) => names.indexOf(name) !== at);
  if (twice.length) throw new Error(`icons.json names twice: ${twice.join(", ")}`);
  const symbols = await Promise.all(names.map(symbol));
  await writeFile(join(out, "icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`);
}

const options = {
  entryPoints: [
    { in: join(here, "js", "app.js"), out: "app" },
    { in: join(here, "js", "door.js"), out: "door" },
    { in: join(here, "js", "modeler.js"), out: "modeler" },
    { in: join(here, "css", "app.css"), out: "app" },
    { in: join(here, "css", "modeler.css"), out: "modeler" },
    { in: join(here, "css", "print.css"), out: "print" },
  ],
  outdir: out,
  bundle: true,
  minify: true,
  // Modules, so that what only boards and the column chooser need (Sortable) is a file of its own, loaded when used.
  format: "esm",
  splitting: true,
  chunkNames: "[name]-[hash]",
  // The Chromium inside the browsers that Chinese offices run lags about two years behind.
  target: ["chrome105", "firefox121", "safari15.4"],
  legalComments: "none",
  charset: "utf8",
  logLevel: "warning",
};

// Beside each text file its packed twin, which the server hands out to browsers that take it.
async function pack() {
  for (const name of await readdir(out)) {
    await writeFile(join(out, `${name}.gz`), gzipSync(await readFile(join(out, name)), { level: 9 }));
  }
}

async function weigh() {
  for (const [name, limit] of Object.entries(LIMITS)) {
    const { size } = await stat(join(out, name));
    console.log(`${name.padEnd(10)} ${(size / 1000).toFixed(1).padStart(6)} kB of ${limit / 1000} kB`);
    if (size > limit) throw new Error(`${name} outgrew its limit`);
  }
}

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
if (process.argv.includes("--watch")) {
  await sprite();
  await (await esbuild.context(options)).watch();
} else {
  const start = performance.now();
  await Promise.all([sprite(), esbuild.build(options)]);
  await weigh();
  await pack();
  console.log(`built in ${Math.round(performance.now() - start)} ms`);
}

// Drawing a process in the browser (bpmn-js), with the parts that processes here understand and nothing else.
// The page gives the diagram, the words, and who can be asked (#gx-modeler); saving is the page's own form.
import Modeler from "bpmn-js/lib/Modeler";
import { request, settled } from "./page.js";
import { Properties } from "./modeler_properties.js";
import { SIGNS } from "./modeler_signs.js";

const given = JSON.parse(document.getElementById("gx-modeler").textContent);
const word = (key) => given.words[key] || key;
const holder = document.querySelector("[data-gx-modeler]");

/** What a step, an arrow or an event says beyond BPMN; see platform/workflow/diagrams.py. */
const text = (name) => ({ name, isAttr: true, type: "String" });
const OURS = {
  name: "Guanxi", prefix: "guanxi", uri: "urn:guanxi:process", xml: { tagAlias: "lowerCase" },
  types: [
    { name: "Named", extends: ["bpmn:FlowElement", "bpmn:Process", "bpmn:Lane"], properties: [text("name-en")] },
    { name: "Asking", extends: ["bpmn:UserTask", "bpmn:Lane"], properties: [text("ask")] },
    { name: "Step", extends: ["bpmn:UserTask"], properties: ["mode", "outcomes", "comment", "bulk"].map(text) },
    { name: "Telling", extends: ["bpmn:UserTask", "bpmn:EndEvent"], properties: [text("copy")] },
    { name: "Lasting", extends: ["bpmn:UserTask", "bpmn:CatchEvent"], properties: [text("days")] },
    { name: "Waiting", extends: ["bpmn:CatchEvent"], properties: [text("hours")] },
    { name: "Ending", extends: ["bpmn:EndEvent"], properties: [text("outcome")] },
    { name: "Ruled", extends: ["bpmn:BusinessRuleTask"], properties: [text("table")] },
    { name: "Begun", extends: ["bpmn:Process"], properties: [text("starts")] },
  ],
};

const TIMER = { eventDefinitionType: "bpmn:TimerEventDefinition" };
/** What can be drawn: its sign, its word, and what bpmn-js makes of it. */
const PARTS = {
  start: { type: "bpmn:StartEvent" },
  task: { type: "bpmn:UserTask" },
  exclusive: { type: "bpmn:ExclusiveGateway" },
  parallel: { type: "bpmn:ParallelGateway" },
  inclusive: { type: "bpmn:InclusiveGateway" },
  timer: { type: "bpmn:IntermediateCatchEvent", ...TIMER },
  table: { type: "bpmn:BusinessRuleTask" },
  end: { type: "bpmn:EndEvent" },
};
const sign = (name) => `<div class="entry" draggable="true">${SIGNS[name]}</div>`;

class Palette {
  static $inject = ["palette", "create", "elementFactory", "handTool", "lassoTool", "spaceTool", "globalConnect"];
  constructor(palette, create, factory, hand, lasso, space, connect) {
    Object.assign(this, { create, factory, tools: { hand: (event) => hand.activateHand(event), lasso: (event) => lasso.activateSelection(event), space: (event) => space.activateSelection(event), connect: (event) => connect.start(event) } });
    palette.registerProvider(this);
  }
  getPaletteEntries() {
    const entries = {};
    for (const [name, act] of Object.entries(this.tools)) entries[`tool-${name}`] = { group: "tools", html: sign(name), title: word(name), action: { click: act } };
    entries.line = { group: "tools", separator: true };
    for (const [name, part] of Object.entries(PARTS)) {
      const begin = (event) => this.create.start(event, this.factory.createShape(part));
      entries[`part-${name}`] = { group: "parts", html: sign(name), title: word(name), action: { dragstart: begin, click: begin } };
    }
    return entries;
  }
}

class Pad {
  static $inject = ["contextPad", "modeling", "elementFactory", "autoPlace", "connect", "create"];
  constructor(pad, modeling, factory, place, connect, create) {
    Object.assign(this, { modeling, factory, place, connect, create });
    pad.registerProvider(this);
  }
  getContextPadEntries(element) {
    const entries = {};
    const add = (name, group, act, drag) => { entries[name] = { group, html: sign(name), title: word(name), action: { click: act, dragstart: drag || act } }; };
    const type = element.type;
    const goesOn = /Task$|Gateway$|StartEvent$|CatchEvent$|BoundaryEvent$/.test(type);
    if (goesOn) {
      for (const name of ["task", "exclusive", "end"]) {
        const shape = () => this.factory.createShape(PARTS[name]);
        add(name, "parts", () => this.place.append(element, shape()), (event) => this.create.start(event, shape(), { source: element }));
      }
      add("connect", "tools", (event) => this.connect.start(event, element));
    }
    if (type === "bpmn:UserTask") {
      add("timer", "parts", () => {
        const clock = this.factory.createShape({ type: "bpmn:BoundaryEvent", cancelActivity: true, ...TIMER });
        this.modeling.createShape(clock, { x: element.x + element.width - 18, y: element.y + element.height }, element, { attach: true });
      });
    }
    add("remove", "tools", () => this.modeling.removeElements([element]));
    return entries;
  }
  getMultiElementContextPadEntries(elements) {
    return { remove: { group: "tools", html: sign("remove"), title: word("remove"), action: { click: () => this.modeling.removeElements(elements) } } };
  }
}

/** Nothing is turned into what is not understood here: the menu of replacements stays shut. */
class NoReplacing { static $inject = []; }

const modeler = new Modeler({
  container: holder.querySelector("[data-gx-canvas]"),
  moddleExtensions: { guanxi: OURS },
  additionalModules: [{
    paletteProvider: ["type", Palette],
    contextPadProvider: ["type", Pad],
    replaceMenuProvider: ["type", NoReplacing],
    translate: ["value", (said, values = {}) => (given.words[said] || said).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole)],
  }],
});

const properties = new Properties(modeler, holder.querySelector("[data-gx-properties]"), given, word);
const canvas = modeler.get("canvas");
const flawList = holder.querySelector("[data-gx-flaws]");
let marked = [];

/** Marks the parts that something is wrong with, and lists what. */
function show(flaws) {
  const elements = modeler.get("elementRegistry");
  for (const id of marked) if (elements.get(id)) canvas.removeMarker(id, "gx-flaw");
  marked = [...new Set(flaws.map((flaw) => flaw.element))].filter((id) => id && elements.get(id));
  for (const id of marked) canvas.addMarker(id, "gx-flaw");
  flawList.replaceChildren(...flaws.map((flaw) => {
    const line = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = flaw.text;
    button.disabled = !elements.get(flaw.element);
    button.addEventListener("click", () => {
      const element = elements.get(flaw.element);
      if (!element) return;
      modeler.get("selection").select(element);
      canvas.scrollToElement(element, 80);
    });
    line.append(button);
    return line;
  }));
  holder.dataset.sound = String(flaws.length === 0);
}

async function drawn() {
  const { xml } = await modeler.saveXML({ format: true });
  return xml;
}

/** Asks the server what is wrong; it alone knows who there is to be asked. */
async function check() {
  const answer = await request(holder.dataset.check, { method: "POST", body: new URLSearchParams({ diagram: await drawn() }) });
  if (answer.ok) show((await answer.json()).flaws);
}

/** The whole process beside the palette, never larger than life. */
function fit() {
  const { inner, outer } = canvas.viewbox();
  const scale = Math.min(1, (outer.width - 110) / inner.width, (outer.height - 70) / inner.height);
  const [width, height] = [outer.width / scale, outer.height / scale];
  canvas.viewbox({ x: inner.x - 80 / scale, y: inner.y + (inner.height - height) / 2, width, height });
}

await modeler.importXML(given.diagram);
fit();
properties.start();
show(given.flaws);
let dirty = false;
modeler.on("commandStack.changed", settled(check, 700));
modeler.on("commandStack.changed", () => { dirty = true; holder.dataset.dirty = "true"; });

const form = holder.closest("form");
form.addEventListener("submit", async (event) => {
  if (form.dataset.ready) return;
  event.preventDefault();
  const { submitter } = event;
  form.elements.diagram.value = await drawn();
  form.dataset.ready = "true";
  dirty = false;
  form.requestSubmit(submitter);
});
window.addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });
holder.querySelector("[data-gx-fit]")?.addEventListener("click", fit);
holder.querySelector("[data-gx-undo]")?.addEventListener("click", () => modeler.get("commandStack").undo());
holder.querySelector("[data-gx-redo]")?.addEventListener("click", () => modeler.get("commandStack").redo());
holder.dataset.ready = "true";

// The sheet beside the drawing: what the chosen part says. The fields are templates of the page, one for each kind of
// part (<template data-kind>); `data-property` names what a field stands for.

const EMPTY = new Set(["", null, undefined]);

export class Properties {
  constructor(modeler, holder, given, word) {
    Object.assign(this, { modeler, holder, given, word, element: null });
    this.modeling = modeler.get("modeling");
    this.templates = new Map([...document.querySelectorAll("template[data-kind]")].flatMap((each) => each.dataset.kind.split(" ").map((kind) => [kind, each])));
  }

  start() {
    this.modeler.on("selection.changed", ({ newSelection }) => this.show(newSelection.length === 1 ? newSelection[0] : null));
    this.modeler.on("elements.changed", ({ elements }) => { if (this.element && elements.includes(this.element) && !this.holder.contains(document.activeElement)) this.show(this.element); });
    this.show(null);
  }

  root() { return this.modeler.get("canvas").getRootElement(); }

  /** The part itself: of a label what it names, of nothing (or of the pool) the process. */
  subject(element) {
    const found = element?.labelTarget || element || this.root();
    const thing = found.businessObject;
    if (thing.$type === "bpmn:Participant") return { element: found, thing: thing.processRef, kind: "bpmn:Process" };
    if (thing.$type === "bpmn:Collaboration") return { element: found, thing: thing.participants.map((each) => each.processRef).find(Boolean), kind: "bpmn:Process" };
    return { element: found, thing, kind: thing.$type };
  }

  show(chosen) {
    const { element, thing, kind } = this.subject(chosen);
    this.element = chosen ? element : null;
    this.chosen = { element, thing };
    const template = this.templates.get(kind) || this.templates.get("other");
    this.holder.replaceChildren(template.content.cloneNode(true));
    this.holder.querySelectorAll("[data-property]").forEach((field) => this.fill(field, thing));
    this.holder.querySelectorAll("[data-people]").forEach((list) => this.people(list, thing));
    this.holder.querySelectorAll("[data-only]").forEach((part) => { part.hidden = !this.applies(part.dataset.only); });
  }

  applies(when) {
    const from = this.chosen.element.source;
    return when !== "deciding" || (/ExclusiveGateway|InclusiveGateway/.test(from?.type || "") && from.outgoing.length > 1);
  }

  fill(field, thing) {
    const { property } = field.dataset;
    if (property === "condition") field.value = thing.conditionExpression?.body || "";
    else if (property === "documentation") field.value = thing.documentation?.[0]?.text || "";
    else if (property === "default") field.checked = thing.sourceRef?.default === thing;
    else if (field.type === "checkbox") field.checked = (thing.get(property) ?? "") === field.value || (property === "cancelActivity" && thing.cancelActivity !== false);
    else field.value = thing.get(property) ?? field.dataset.usual ?? "";
    field.addEventListener("change", () => this.keep(field, thing));
  }

  keep(field, thing) {
    const { property } = field.dataset;
    const { element } = this.chosen;
    if (property === "condition") {
      const body = field.value.trim();
      const expression = body ? this.modeler.get("moddle").create("bpmn:FormalExpression", { body }) : undefined;
      return this.modeling.updateProperties(element, { conditionExpression: expression });
    }
    if (property === "documentation") {
      const text = field.value.trim();
      return this.modeling.updateProperties(element, { documentation: text ? [this.modeler.get("moddle").create("bpmn:Documentation", { text })] : [] });
    }
    if (property === "default") return this.modeling.updateProperties(element.source, { default: field.checked ? thing : undefined });
    if (property === "cancelActivity") return this.modeling.updateProperties(element, { cancelActivity: field.checked });
    const value = field.type === "checkbox" ? (field.checked ? field.value : "") : field.value.trim();
    this.set(property, value === field.dataset.usual ? "" : value, thing);
  }

  set(property, value, thing) {
    const { element } = this.chosen;
    const change = { [property]: EMPTY.has(value) ? undefined : value };
    // A process drawn within a pool is no element of its own.
    if (element.businessObject === thing) this.modeling.updateProperties(element, change);
    else this.modeling.updateModdleProperties(element, thing, change);
  }

  // ---- Whom a step asks: one line for each --------------------------------------------------------------------------

  people(list, thing) {
    const property = list.dataset.people;
    const asked = (thing.get(property) || "").split(",").map((each) => each.trim()).filter(Boolean);
    const keep = () => this.set(property, [...list.children].map((line) => line.value()).filter(Boolean).join(","), thing);
    const add = (value) => list.append(this.line(value, keep));
    list.replaceChildren();
    asked.forEach(add);
    const more = this.holder.querySelector(`[data-more="${property}"]`);
    more?.addEventListener("click", () => { add("role:"); list.lastElementChild.querySelector("select").focus(); });
  }

  line(value, keep) {
    const [kind, ...rest] = value.split(":");
    const line = document.createElement("li");
    const kinds = this.select(this.given.asked, kind);
    const slot = document.createElement("span");
    const remove = document.createElement("button");
    remove.type = "button";
    remove.className = "plain";
    remove.title = remove.ariaLabel = this.word("remove");
    remove.textContent = "×";
    const draw = (name) => slot.replaceChildren(...this.names(kinds.value, name));
    kinds.addEventListener("change", () => { draw(""); keep(); });
    slot.addEventListener("change", keep);
    remove.addEventListener("click", () => { line.remove(); keep(); });
    draw(rest.join(":"));
    line.value = () => {
      const name = slot.firstElementChild?.value.trim();
      return slot.firstElementChild ? (name ? `${kinds.value}:${name}` : "") : kinds.value;
    };
    line.append(kinds, slot, remove);
    return line;
  }

  names(kind, name) {
    const offered = this.given.names[kind];
    if (offered) return [this.select(offered, name)];
    if (kind !== "person") return [];
    const input = document.createElement("input");
    input.setAttribute("list", "gx-people");
    input.value = name;
    input.ariaLabel = this.word("person");
    return [input];
  }

  select(options, chosen) {
    const select = document.createElement("select");
    const known = options.some(([value]) => value === chosen);
    for (const [value, label] of known || !chosen ? options : [...options, [chosen, chosen]]) select.append(new Option(label, value, false, value === chosen));
    return select;
  }
}

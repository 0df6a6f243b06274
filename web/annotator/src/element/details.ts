import type { AttributeDefinition, AttributeValue } from "../contract";
import { handOf } from "../render/compareLayer";
import { setAttribute } from "../tools/edits";
import { onlyTags, toggleTag } from "../tools/run";
import { h } from "./dom";
import { createShapeHistory } from "./shapeHistory";
import type { Part, Ui } from "./ui";

/** Attributes of the selected shapes, tags and values of the image, comments pinned on it. */
export function createDetails(ui: Ui): Part {
  const attributes = h("section", { class: "attributes" });
  const image = h("section", { class: "image-answers" });
  const comments = h("section", { class: "comments" });
  const legend = h("section", { class: "legend" });
  const history = createShapeHistory(ui);
  const element = h("div", { class: "details" }, attributes, history.element, image, legend, comments);
  let stale: unknown[] = [];
  return {
    element,
    update() {
      const session = ui.session();
      if (!session) return;
      history.update();
      const signature = [session, session.document, session.selection, session.comments, session.readOnly];
      if (signature.every((one, index) => one === stale[index])) return;
      stale = signature;
      updateAttributes(ui, attributes);
      updateImageAnswers(ui, image);
      updateLegend(ui, legend);
      comments.hidden = session.comments.length === 0;
      comments.replaceChildren(h("h2", {}, ui.t("comments")), h("ol", {}, ...session.comments.map((one) =>
        h("li", { class: one.resolved ? "resolved" : "" }, one.text, one.author ? h("span", { class: "detail" }, ` ${one.author}`) : null))));
    },
  };
}

/** Which line belongs to whom when several annotators are laid over each other. */
function updateLegend(ui: Ui, section: HTMLElement): void {
  const others = ui.session()!.task.others ?? [];
  section.hidden = others.length === 0;
  section.replaceChildren(h("h2", {}, ui.t("compareOthers")), h("ul", {}, ...others.map(({ author, document: answer }, position) => {
    const sample = h("span", {});
    sample.innerHTML = `<svg viewBox="0 0 36 10" aria-hidden="true"><path d="M0 5h36" stroke="currentColor" stroke-width="2.5" stroke-dasharray="${handOf(position).join(" ")}"/></svg>`;
    return h("li", {}, sample.firstElementChild, author, h("span", { class: "count" }, answer.verdict === "no_defect" ? ui.t("noDefect") : String(answer.shapes.length)));
  })));
}

function updateAttributes(ui: Ui, section: HTMLElement): void {
  const session = ui.session()!;
  const selected = session.selectedShapes;
  const [first] = selected;
  const definitions = first && selected.every((shape) => shape.label === first.label) ? session.task.classes.find((one) => one.name === first.label)?.attributes ?? [] : [];
  section.hidden = definitions.length === 0;
  section.replaceChildren(h("h2", {}, ui.t("attributes")), ...definitions.map((definition) => {
    const values = new Set(selected.map((shape) => shape.attributes[definition.name] ?? null));
    const value = values.size === 1 ? [...values][0]! : null;
    return h("label", { class: "field" }, h("span", {}, definition.title ?? definition.name), attributeInput(definition, value, session.readOnly, (next) => setAttribute(session, definition.name, next)));
  }));
}

function attributeInput(definition: AttributeDefinition, value: AttributeValue, disabled: boolean, set: (value: AttributeValue) => void): HTMLElement {
  switch (definition.type) {
    case "boolean": return h("input", { type: "checkbox", checked: value === true, disabled, onchange: (event: Event) => set((event.target as HTMLInputElement).checked) });
    case "number": return h("input", { type: "number", value: value === null ? "" : String(value), disabled, onchange: (event: Event) => {
      const text = (event.target as HTMLInputElement).value;
      set(text === "" ? null : Number(text));
    } });
    case "text": return h("input", { type: "text", value: value === null ? "" : String(value), disabled, onchange: (event: Event) => set((event.target as HTMLInputElement).value || null) });
    case "choice": {
      const select = h("select", { disabled, onchange: (event: Event) => set((event.target as HTMLSelectElement).value || null) },
        h("option", { value: "" }, "–"), ...definition.options.map((option) => h("option", { value: option }, option)));
      select.value = value === null ? "" : String(value);
      return select;
    }
  }
}

function updateImageAnswers(ui: Ui, section: HTMLElement): void {
  const session = ui.session()!;
  const tags = session.task.tagClasses ?? [], values = session.task.values ?? [];
  section.hidden = tags.length === 0 && values.length === 0;
  if (section.contains(section.getRootNode() instanceof ShadowRoot ? (section.getRootNode() as ShadowRoot).activeElement : null)) return;
  const chosen = new Set(session.document.tags);
  section.replaceChildren(
    tags.length ? h("h2", {}, ui.t("tags")) : "",
    h("div", { class: "tag-row" }, ...tags.map((tag) => h("button", {
      type: "button", class: "button tag", "aria-pressed": String(chosen.has(tag)), disabled: session.readOnly,
      onpointerdown: (event: PointerEvent) => event.preventDefault(), onclick: () => toggleTag(session, tag),
    }, onlyTags(session) && ui.palette().style(tag).key ? h("kbd", {}, ui.palette().style(tag).key) : "", ui.palette().style(tag).title))),
    values.length ? h("h2", {}, ui.t("values")) : "",
    ...values.map((definition) => {
      const input = h("input", {
        type: "number", step: "any", disabled: session.readOnly, value: session.document.values[definition.name]?.toString() ?? "", "data-value": definition.name,
        onchange: (event: Event) => {
          const field = event.target as HTMLInputElement;
          if (!field.checkValidity()) return void field.reportValidity();
          session.commit([{ type: "value", name: definition.name, value: field.value === "" ? null : Number(field.value) }]);
        },
      });
      if (definition.minimum !== undefined) input.min = String(definition.minimum);
      if (definition.maximum !== undefined) input.max = String(definition.maximum);
      return h("label", { class: "field" }, h("span", {}, definition.title ?? definition.name, definition.unit ? ` (${definition.unit})` : ""), input);
    }),
  );
}

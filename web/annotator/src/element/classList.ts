import type { Command } from "../tools/commands";
import { relabel } from "../tools/edits";
import { onlyTags } from "../tools/run";
import { h } from "./dom";
import { paintSwatch } from "./topBar";
import type { Part, Ui } from "./ui";

export function createClassList(ui: Ui): Part {
  const element = h("div", { class: "classes", role: "radiogroup", "aria-label": ui.t("classes") });
  let shownFor: unknown = null;
  const choose = (name: string, key: string): void => {
    const session = ui.session();
    if (!session) return;
    if (key) return void ui.run(`class.${key}` as Command);
    session.label = name;
    if (session.gesture.state === "idle" && !session.readOnly) relabel(session, name);
    session.dirty("overlay", "panel");
  };
  return {
    element,
    update() {
      const session = ui.session();
      if (!session) return;
      if (shownFor !== session.task.classes) {
        shownFor = session.task.classes;
        element.replaceChildren(...session.task.classes.map((one) => {
          const style = ui.palette().style(one.name);
          const swatch = h("span", { class: "swatch" }, style.key);
          paintSwatch(swatch, style);
          return h("button", {
            type: "button", class: "class", role: "radio", "data-class": one.name, title: one.description ?? style.title,
            onpointerdown: (event: PointerEvent) => event.preventDefault(), onclick: () => choose(one.name, style.key),
          }, swatch, h("span", { class: "name" }, style.title), h("span", { class: "count" }));
        }));
      }
      const counts = new Map<string, number>();
      for (const shape of session.document.shapes) counts.set(shape.label, (counts.get(shape.label) ?? 0) + 1);
      for (const button of element.querySelectorAll<HTMLElement>(".class")) {
        const name = button.dataset["class"]!;
        button.setAttribute("aria-checked", String(onlyTags(session) ? session.document.tags.includes(name) : name === session.label));
        button.querySelector(".count")!.textContent = counts.get(name)?.toString() ?? "";
      }
    },
  };
}

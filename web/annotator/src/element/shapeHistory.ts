import type { ShapeStep } from "../contract";
import { h } from "./dom";
import type { Part, Ui } from "./ui";

const stepMilliseconds = 900;

/** Review: how the selected shape came to be. Each step can be looked at; "replay" shows them one after the other. */
export function createShapeHistory(ui: Ui): Part {
  const element = h("section", { class: "history", hidden: true });
  let shown: unknown[] = [];
  let playing: ReturnType<typeof setTimeout> | undefined;
  const look = (step: ShapeStep | null, item?: Element): void => {
    ui.session()?.showGhost(step?.shape ?? null);
    for (const one of element.querySelectorAll("[aria-current]")) one.removeAttribute("aria-current");
    item?.setAttribute("aria-current", "step");
  };
  const play = (steps: readonly ShapeStep[], at = 0): void => {
    clearTimeout(playing);
    const session = ui.session();
    const step = steps[at];
    if (!step || !session || session !== shown[0]) return look(null);
    look(step, element.querySelectorAll("li button")[at]);
    playing = setTimeout(() => play(steps, at + 1), stepMilliseconds);
  };
  return {
    element,
    update() {
      const session = ui.session();
      if (!session) return;
      const [id, more] = session.selection;
      const signature = [session, more ? undefined : id];
      if (signature.every((one, index) => one === shown[index])) return;
      shown = signature;
      clearTimeout(playing);
      const steps = id && !more ? session.task.history?.find((one) => one.shapeId === id)?.steps ?? [] : [];
      element.hidden = steps.length === 0;
      element.replaceChildren(
        h("h2", {}, ui.t("history"), h("button", { type: "button", class: "plain", onclick: () => play(steps) }, ui.t("replay"))),
        h("ol", {}, ...steps.map((step) => {
          const time = new Date(step.at).toLocaleTimeString(document.documentElement.lang || "en", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
          const button = h("button", { type: "button", class: "plain", onclick: () => { clearTimeout(playing); look(step, button); } },
            `${time} ${step.by ?? ""} · ${step.shape === null ? ui.t("removed") : step.fix ? ui.t("fixedStep") : step.shape.label}`);
          return h("li", {}, button);
        })));
    },
  };
}

import type { Command } from "../tools/commands";
import { toolAllowed } from "../tools/run";
import type { Tool } from "../tools/gesture";
import { commandButton } from "./button";
import { h } from "./dom";
import type { IconName } from "./icons";
import type { Part, Ui } from "./ui";

const tools: readonly Tool[] = ["select", "box", "extreme", "rotatedBox", "polygon", "polyline", "point", "brush", "eraser", "pin"];

export function createToolbar(ui: Ui): Part {
  const buttons = new Map(tools.map((tool) => [tool, commandButton(ui, `tool.${tool}` as Command, tool as IconName, { class: "tool" })]));
  const views = [
    commandButton(ui, "view.in", "zoomIn"), commandButton(ui, "view.out", "zoomOut"), commandButton(ui, "view.fit", "fit"),
    commandButton(ui, "view.filters", "filters"), commandButton(ui, "view.compare", "compare"), commandButton(ui, "help", "help"),
  ];
  const compare = views[4]!;
  const element = h("nav", { class: "tools", "aria-label": ui.t("tools") }, ...buttons.values(), h("span", { class: "rule" }), ...views);
  return {
    element,
    update() {
      const session = ui.session();
      if (!session) return;
      const reviewing = session.task.mode === "review";
      for (const [tool, button] of buttons) {
        button.hidden = !toolAllowed(session, tool) || (tool === "pin" && !reviewing) || (session.readOnly && tool !== "select" && tool !== "pin");
        button.setAttribute("aria-pressed", String(session.tool === tool));
      }
      compare.hidden = !session.task.before && !session.task.others?.length;
    },
  };
}

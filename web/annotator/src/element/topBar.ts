import { commandButton } from "./button";
import { h } from "./dom";
import type { Part, Ui } from "./ui";

export function createTopBar(ui: Ui, togglePanel: () => void): Part {
  const { t } = ui;
  const undo = commandButton(ui, "undo", "undo"), redo = commandButton(ui, "redo", "redo");
  const repeat = commandButton(ui, "repeat", "repeat");
  const guidelines = commandButton(ui, "guidelines", "guidelines");
  const noDefect = commandButton(ui, "noDefect", "noDefect", { text: t("noDefect") });
  const skip = commandButton(ui, "skip", "skip", { text: t("skip").split(" ")[0]! });
  const submit = commandButton(ui, "submit", "send", { text: t("submit").split(" ")[0]!, class: "primary" });
  const reject = commandButton(ui, "review.reject", "reject", { text: t("reject") });
  const fix = commandButton(ui, "review.fix", "fix", { text: t("review.fix").split(/[ ,]/)[0]! });
  const accept = commandButton(ui, "review.accept", "check", { text: t("accept"), class: "primary" });
  const title = h("h1", { class: "title" });
  const panelButton = h("button", { type: "button", class: "button panel-toggle", "aria-label": t("panel"), title: t("panel"), onclick: togglePanel });
  const element = h("header", { class: "top" }, title, h("div", { class: "group" }, undo, redo, repeat, guidelines), h("div", { class: "group answers" }, noDefect, skip, submit, reject, fix, accept), panelButton);
  return {
    element,
    update() {
      const session = ui.session();
      title.textContent = session?.task.title ?? "";
      title.title = title.textContent;
      if (!session) return;
      const mode = session.task.mode ?? "annotate";
      for (const button of [noDefect, skip, submit]) button.hidden = mode !== "annotate";
      // A dispute is decided; the people who saw the image have said already whether it can be annotated.
      if (session.task.others?.length) skip.hidden = true;
      for (const button of [reject, fix, accept]) button.hidden = mode !== "review";
      for (const button of [undo, redo, repeat]) button.hidden = session.readOnly;
      noDefect.setAttribute("aria-pressed", String(session.document.verdict === "no_defect"));
      fix.setAttribute("aria-pressed", String(mode === "review" && !session.readOnly));
      undo.disabled = !session.history.canUndo;
      redo.disabled = !session.history.canRedo;
      repeat.disabled = !session.task.previous?.shapes.length;
      if (mode === "annotate") for (const button of [noDefect, skip, submit]) button.disabled = session.readOnly;
      const chosen = ui.palette().style(session.label);
      panelButton.replaceChildren(h("span", { class: "swatch" }, chosen.key || "•"), h("span", { class: "text" }, chosen.title));
      paintSwatch(panelButton.firstElementChild as HTMLElement, chosen);
    },
  };
}

export function paintSwatch(swatch: HTMLElement, style: { color: string; ink: string }): void {
  swatch.style.background = style.color;
  swatch.style.color = style.ink;
}

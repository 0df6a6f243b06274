import type { SkipReason } from "../contract";
import type { StringKey } from "../strings";
import { commandNames, commandRows, type Command } from "../tools/commands";
import { chordOf, showChord } from "./bindings";
import { h } from "./dom";
import type { Ui } from "./ui";

function openDialog(root: ParentNode & Node, ui: Ui, title: string, className: string, ...content: (Node | string)[]): HTMLDialogElement {
  const dialog = h("dialog", { class: className, "aria-label": title },
    h("h2", {}, title, h("button", { type: "button", class: "mini", "aria-label": ui.t("close"), onclick: () => dialog.close() }, "✕")), ...content);
  dialog.addEventListener("close", () => {
    dialog.remove();
    ui.focusStage();
  });
  // Keys of an open dialog are its own.
  dialog.addEventListener("keydown", (event) => event.stopPropagation());
  dialog.addEventListener("pointerdown", (event) => {
    if (event.target === dialog) dialog.close();
  });
  root.append(dialog);
  dialog.showModal();
  return dialog;
}

const skipReasons: readonly SkipReason[] = ["blurred", "obstructed", "object_not_visible", "wrong_object", "not_sure", "other"];

export function openSkip(root: ParentNode & Node, ui: Ui, chosen: (reason: SkipReason, text: string | undefined) => void): void {
  const text = h("input", { type: "text", class: "search", "aria-label": ui.t("skipText"), placeholder: ui.t("skipText"), required: true });
  const other = h("form", { class: "other", hidden: true, onsubmit: (event: Event) => {
    event.preventDefault();
    dialog.close();
    chosen("other", text.value.trim());
  } }, text, h("button", { class: "button primary" }, ui.t("send")));
  const pick = (reason: SkipReason): void => {
    if (reason === "other") {
      other.hidden = false;
      return text.focus();
    }
    dialog.close();
    chosen(reason, undefined);
  };
  const dialog = openDialog(root, ui, ui.t("skipTitle"), "skip", h("div", { class: "reasons" }, ...skipReasons.map((reason, index) =>
    h("button", { type: "button", class: "button", "data-reason": reason, onclick: () => pick(reason) }, h("kbd", {}, String(index + 1)), ui.t(`skip.${reason}` as StringKey)))), other);
  dialog.addEventListener("keydown", (event) => {
    const reason = skipReasons[Number(event.key) - 1];
    if (!reason || event.target === text) return;
    // Otherwise the digit would be typed into the field that opens.
    event.preventDefault();
    pick(reason);
  });
}

export function openText(root: ParentNode & Node, ui: Ui, title: string, placeholder: string, done: (text: string) => void): void {
  const text = h("textarea", { rows: 3, placeholder, "aria-label": placeholder, required: true });
  const form = h("form", { onsubmit: (event: Event) => {
    event.preventDefault();
    dialog.close();
    done(text.value.trim());
  } }, text, h("div", { class: "buttons" }, h("button", { type: "button", class: "button", onclick: () => dialog.close() }, ui.t("cancelButton")), h("button", { class: "button primary" }, ui.t("send"))));
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  const dialog = openDialog(root, ui, title, "text", form);
  text.focus();
}

const groups: readonly (readonly [StringKey, (command: Command) => boolean])[] = [
  ["groupAnswer", (command) => commandRows[command] === "answer"],
  ["groupDraw", (command) => commandRows[command] === "chooseTool" || command.startsWith("brush.") || command === "confirm" || command === "cancel"],
  ["groupWalk", (command) => ["walk", "mark"].includes(commandRows[command]) || command === "find"],
  ["groupEdit", (command) => ["undo", "redo", "remove", "nudge", "resizeKeys", "copy", "insert"].includes(commandRows[command])],
  ["groupView", (command) => command.startsWith("view.") || command === "help" || command === "guidelines"],
  ["groupClass", (command) => commandRows[command] === "chooseClass"],
];

export function openHelp(root: ParentNode & Node, ui: Ui): void {
  const note = h("p", { class: "note", role: "status" });
  const lists = h("div", { class: "groups" });
  let waiting: Command | null = null;
  const fill = (): void => lists.replaceChildren(...groups.map(([title, belongs]) => h("section", {}, h("h3", {}, ui.t(title)), h("dl", {}, ...commandNames.filter(belongs).flatMap((command) => [
    h("dt", {}, ui.t(command as StringKey)),
    h("dd", {}, h("button", { type: "button", class: "key", "data-command": command, "aria-label": `${ui.t(command as StringKey)}: ${ui.bindings.chords(command).join(", ")}`, onclick: () => {
      waiting = command;
      note.textContent = `${ui.t(command as StringKey)}: ${ui.t("changeKey")}`;
    } }, ...(ui.bindings.chords(command).length ? ui.bindings.chords(command).map((chord) => h("kbd", {}, showChord(chord))) : ["–"]))),
  ])))));
  fill();
  const dialog = openDialog(root, ui, ui.t("help"), "help", note, lists, h("div", { class: "buttons" }, h("button", { type: "button", class: "button", onclick: () => {
    ui.bindings.reset();
    fill();
  } }, ui.t("resetKeys"))));
  dialog.addEventListener("keydown", (event) => {
    if (!waiting) {
      if (event.key === "?") dialog.close();
      return;
    }
    if (["Control", "Shift", "Alt", "Meta"].includes(event.key)) return;
    event.preventDefault();
    const command = waiting;
    waiting = null;
    note.textContent = "";
    if (event.key === "Escape") return;
    const chord = chordOf(event);
    const loser = ui.bindings.rebind(command, chord);
    if (loser) note.textContent = ui.t("keyTaken", { key: showChord(chord), command: ui.t(loser as StringKey) });
    fill();
  });
}

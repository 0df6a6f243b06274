import type { StringKey } from "../strings";
import type { Command } from "../tools/commands";
import { showChord } from "./bindings";
import { h } from "./dom";
import { icon, type IconName } from "./icons";
import type { Ui } from "./ui";

export function hint(ui: Ui, command: Command): string {
  const [chord] = ui.bindings.chords(command);
  return ui.t(command as StringKey) + (chord ? ` (${showChord(chord)})` : "");
}

/** A button that does what its command's key does. Pressing it leaves the focus on the canvas, so that keys go on working. */
export function commandButton(ui: Ui, command: Command, name: IconName, options: { text?: string; class?: string } = {}): HTMLButtonElement {
  const button = h("button", {
    type: "button", class: `button ${options.class ?? ""}`, title: hint(ui, command), "aria-label": ui.t(command as StringKey), "data-command": command,
    onclick: () => ui.run(command),
    onpointerdown: (event: PointerEvent) => event.preventDefault(),
  }, icon(name), options.text ? h("span", { class: "text" }, options.text) : null);
  return button;
}

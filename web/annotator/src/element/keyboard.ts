import type { Command } from "../tools/commands";
import { chordOf, type Bindings } from "./bindings";

export interface KeyHost {
  readonly bindings: Bindings;
  run(command: Command): boolean;
  active(): void;
  space(held: boolean): void;
  stageHasFocus(): boolean;
}

/** These mean something else on a button or in a list, so they are the canvas's only while it has the focus. */
const stageOnly = new Set(["Tab", "Shift+Tab", "Enter", " ", "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"]);

const isField = (target: EventTarget | undefined): boolean =>
  target instanceof HTMLInputElement ? !["checkbox", "radio", "button"].includes(target.type) : target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;

export function followKeys(root: HTMLElement, host: KeyHost): void {
  root.addEventListener("keydown", (event) => {
    if (event.isComposing || isField(event.composedPath()[0])) return;
    host.active();
    const chord = chordOf(event);
    if (stageOnly.has(chord) && !host.stageHasFocus()) return;
    if (chord === " ") {
      event.preventDefault();
      return host.space(true);
    }
    const command = host.bindings.command(chord);
    if (!command) return;
    if (event.repeat && !command.startsWith("nudge.") && !command.startsWith("resize.") && !command.startsWith("select.") && !command.startsWith("rotate.") && command !== "undo" && command !== "redo") return event.preventDefault();
    const done = host.run(command);
    // With nothing to walk through, Tab leaves the canvas as it leaves any other control.
    if (done || !command.startsWith("select.")) event.preventDefault();
  });
  root.addEventListener("keyup", (event) => {
    if (event.key === " ") host.space(false);
  });
}

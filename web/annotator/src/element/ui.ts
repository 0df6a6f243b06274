import type { Palette } from "../render/palette";
import type { ViewFilters } from "../render/filters";
import type { Translate } from "../strings";
import type { Command } from "../tools/commands";
import type { Session } from "../tools/session";
import type { Bindings } from "./bindings";

/** What the parts of the element see of it. */
export interface Ui {
  readonly t: Translate;
  readonly bindings: Bindings;
  session(): Session | null;
  palette(): Palette;
  run(command: Command): boolean;
  focusStage(): void;
  filters(): ViewFilters;
  setFilters(filters: ViewFilters): void;
  labelsShown(): boolean;
}

/** A part of the element; `update` brings it in line with the session. */
export interface Part {
  readonly element: HTMLElement;
  update(): void;
}

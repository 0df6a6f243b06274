import type { StateName } from "./gesture";

/**
 * What an operation does in a state:
 * - `do`: it happens, the gesture goes on;
 * - `ignore`: nothing happens;
 * - `refuse`: nothing happens, and a sentence says to finish or cancel the shape first;
 * - `cancel`: the gesture is given up, the document stays as it was; the operation itself does not happen;
 * - `cancelThen`, `finishThen`: the gesture is given up or completed, then the operation happens;
 * - `back`: the last placed point is taken back, with the first one the gesture ends;
 * - `finish`: the gesture is completed; the operation itself does not happen.
 */
export type Rule = "do" | "ignore" | "refuse" | "cancel" | "cancelThen" | "finishThen" | "back" | "finish";

export const stateNames = ["idle", "box", "rotated", "extreme", "path", "brush", "move", "resize", "area"] as const satisfies readonly StateName[];

// The rows read like a printed table; one rule a state, in the order of stateNames.
const rows = {
  //            idle  box           rotated       extreme       path          brush         move          resize        area
  view:        ["do", "do",         "do",         "do",         "do",         "do",         "do",         "do",         "do"],
  chooseTool:  ["do", "cancelThen", "cancelThen", "cancelThen", "finishThen", "finishThen", "finishThen", "finishThen", "cancelThen"],
  chooseClass: ["do", "do",         "do",         "do",         "do",         "do",         "ignore",     "ignore",     "ignore"],
  undo:        ["do", "back",       "back",       "back",       "back",       "cancel",     "cancel",     "cancel",     "cancel"],
  redo:        ["do", "ignore",     "ignore",     "ignore",     "ignore",     "ignore",     "ignore",     "ignore",     "ignore"],
  remove:      ["do", "back",       "back",       "back",       "back",       "ignore",     "ignore",     "ignore",     "ignore"],
  nudge:       ["do", "do",         "do",         "do",         "do",         "do",         "ignore",     "ignore",     "ignore"],
  resizeKeys:  ["do", "ignore",     "ignore",     "ignore",     "ignore",     "ignore",     "ignore",     "ignore",     "ignore"],
  copy:        ["do", "ignore",     "ignore",     "ignore",     "ignore",     "ignore",     "ignore",     "ignore",     "ignore"],
  insert:      ["do", "cancelThen", "cancelThen", "cancelThen", "finishThen", "ignore",     "ignore",     "ignore",     "ignore"],
  walk:        ["do", "cancelThen", "cancelThen", "cancelThen", "finishThen", "ignore",     "ignore",     "ignore",     "ignore"],
  mark:        ["do", "ignore",     "ignore",     "ignore",     "ignore",     "ignore",     "ignore",     "ignore",     "ignore"],
  cancel:      ["do", "cancel",     "cancel",     "cancel",     "cancel",     "cancel",     "cancel",     "cancel",     "cancel"],
  confirm:     ["do", "do",         "do",         "do",         "do",         "finish",     "finish",     "finish",     "finish"],
  answer:      ["do", "refuse",     "refuse",     "refuse",     "refuse",     "finishThen", "finishThen", "finishThen", "cancelThen"],
} as const satisfies Record<string, readonly Rule[]>;

export type Operation = keyof typeof rows;

export const operationNames = Object.keys(rows) as Operation[];

export const ruleFor = (state: StateName, operation: Operation): Rule => rows[operation][stateNames.indexOf(state)]!;

/** What stays possible when the task may be looked at only. */
const whileReading: readonly Operation[] = ["view", "copy", "walk", "cancel"];

export const allowedWhileReading = (operation: Operation): boolean => whileReading.includes(operation);

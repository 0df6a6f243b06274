import type { Operation } from "./table";

/** Everything a key or a button can ask for, and the row of the table it follows. */
export const commandRows = {
  "tool.select": "chooseTool", "tool.box": "chooseTool", "tool.rotatedBox": "chooseTool", "tool.extreme": "chooseTool",
  "tool.polygon": "chooseTool", "tool.polyline": "chooseTool", "tool.point": "chooseTool", "tool.brush": "chooseTool",
  "tool.eraser": "chooseTool", "tool.pin": "chooseTool",
  "class.1": "chooseClass", "class.2": "chooseClass", "class.3": "chooseClass", "class.4": "chooseClass", "class.5": "chooseClass",
  "class.6": "chooseClass", "class.7": "chooseClass", "class.8": "chooseClass", "class.9": "chooseClass", "class.0": "chooseClass",
  undo: "undo", redo: "redo", remove: "remove",
  "nudge.left": "nudge", "nudge.right": "nudge", "nudge.up": "nudge", "nudge.down": "nudge",
  "nudge.left.far": "nudge", "nudge.right.far": "nudge", "nudge.up.far": "nudge", "nudge.down.far": "nudge",
  "resize.narrower": "resizeKeys", "resize.wider": "resizeKeys", "resize.lower": "resizeKeys", "resize.taller": "resizeKeys",
  "resize.narrower.far": "resizeKeys", "resize.wider.far": "resizeKeys", "resize.lower.far": "resizeKeys", "resize.taller.far": "resizeKeys",
  "rotate.left": "resizeKeys", "rotate.right": "resizeKeys",
  copy: "copy", paste: "insert", duplicate: "insert", repeat: "insert",
  "select.next": "walk", "select.previous": "walk", "select.all": "walk",
  lock: "mark", hide: "mark", front: "mark",
  cancel: "cancel", confirm: "confirm",
  submit: "answer", skip: "answer", noDefect: "answer",
  "review.accept": "answer", "review.fix": "answer", "review.reject": "answer",
  "view.fit": "view", "view.actual": "view", "view.in": "view", "view.out": "view", "view.filters": "view", "view.invert": "view",
  "view.localContrast": "view", "view.resetFilters": "view", "view.hideAll": "view", "view.labels": "view", "view.proposals": "view",
  "view.compare": "view", "brush.smaller": "view", "brush.larger": "view",
  guidelines: "view", help: "view", find: "view",
} as const satisfies Record<string, Operation>;

export type Command = keyof typeof commandRows;

export const commandNames = Object.keys(commandRows) as Command[];

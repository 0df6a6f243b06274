import type { SkipReason } from "../contract";
import { commandRows, type Command } from "./commands";
import { confirm, moveCursor } from "./keyboardPointer";
import { copySelection, duplicateSelection, nudgeSelection, paste, relabel, removeSelection, repeatPrevious, resizeSelection, toggleLock, toggleHide, bringToFront, rotateSelection } from "./edits";
import { finishGesture, stepBack } from "./finish";
import { idle, type Tool } from "./gesture";
import type { Session } from "./session";
import { allowedWhileReading, ruleFor } from "./table";
import { selectAll, walk } from "./walk";
import { changeView, type ViewCommand } from "./viewCommands";

/** What the tools cannot do themselves. */
export interface Surroundings {
  /** A sentence for the status line and the screen reader; a key of the strings. */
  announce(message: MessageKey): void;
  /** Opens a panel or asks the host. */
  request(what: Request): void;
}

export type MessageKey =
  | "finishShapeFirst" | "readOnly" | "removeShapesFirst" | "answerFirst" | "valuesFirst" | "nothingToUndo" | "nothingToRedo"
  | "nothingSelected" | "nothingToPaste" | "nothingToRepeat" | "noSuchClass" | "kindNotAllowed" | "copied" | "fixing" | "noDefectSet" | "noDefectCleared";

export type Request =
  | { readonly type: "submit" } | { readonly type: "skip"; readonly reason?: SkipReason }
  | { readonly type: "accept" } | { readonly type: "fix" } | { readonly type: "reject" }
  | { readonly type: "help" } | { readonly type: "guidelines" } | { readonly type: "find" } | { readonly type: "filters" };

/** The only way in for keys and buttons: looks the rule up, then acts. Returns whether anything happened. */
export function run(session: Session, command: Command, around: Surroundings): boolean {
  const operation = commandRows[command];
  if (session.readOnly && !allowedWhileReading(operation) && !readingCommands.has(command)) {
    around.announce("readOnly");
    return false;
  }
  const rule = ruleFor(session.gesture.state, operation);
  switch (rule) {
    case "ignore": return false;
    case "refuse": around.announce("finishShapeFirst"); return false;
    case "cancel": session.setGesture(idle); return true;
    case "back": stepBack(session); return true;
    case "finish": finishGesture(session); return true;
    case "cancelThen": session.setGesture(idle); break;
    case "finishThen": finishGesture(session); break;
    case "do": break;
  }
  return perform(session, command, around);
}

/** A reviewer reads, judges, and pins; a viewer's host leaves these buttons out. */
const readingCommands: ReadonlySet<Command> = new Set<Command>(["review.accept", "review.fix", "review.reject", "tool.select", "tool.pin", "confirm"]);

function perform(session: Session, command: Command, around: Surroundings): boolean {
  const [group, name, far] = command.split(".") as [string, string | undefined, string | undefined];
  const step = far === "far" ? 10 : 1;
  const tell = (done: boolean, otherwise: MessageKey): boolean => {
    if (!done) around.announce(otherwise);
    return done;
  };
  switch (group) {
    case "tool": return tell(chooseTool(session, name as Tool), "kindNotAllowed");
    case "class": return tell(chooseClass(session, name!), "noSuchClass");
    case "nudge": {
      const dx = name === "left" ? -step : name === "right" ? step : 0, dy = name === "up" ? -step : name === "down" ? step : 0;
      return session.gesture.state === "idle" && session.selection.length > 0 ? nudgeSelection(session, dx, dy) : moveCursor(session, dx, dy);
    }
    case "resize": {
      const dx = name === "narrower" ? -step : name === "wider" ? step : 0, dy = name === "lower" ? -step : name === "taller" ? step : 0;
      return tell(resizeSelection(session, dx, dy), "nothingSelected");
    }
    case "rotate": return tell(rotateSelection(session, name === "left" ? -1 : 1), "nothingSelected");
    case "view":
    case "brush":
      if (command === "view.filters") around.request({ type: "filters" });
      return changeView(session, command as ViewCommand);
    case "review": around.request({ type: name as "accept" | "fix" | "reject" }); return true;
    case "select": return command === "select.all" ? selectAll(session) : walk(session, command === "select.next" ? 1 : -1);
  }
  switch (command) {
    case "undo": return tell(session.undo(), "nothingToUndo");
    case "redo": return tell(session.redo(), "nothingToRedo");
    case "remove": return tell(removeSelection(session), "nothingSelected");
    case "copy": return tell(copySelection(session), "nothingSelected");
    case "paste": return tell(paste(session), "nothingToPaste");
    case "duplicate": return tell(duplicateSelection(session), "nothingSelected");
    case "repeat": return tell(repeatPrevious(session), "nothingToRepeat");
    case "lock": return tell(toggleLock(session), "nothingSelected");
    case "hide": return tell(toggleHide(session), "nothingSelected");
    case "front": return tell(bringToFront(session), "nothingSelected");
    case "cancel": return deselect(session);
    case "confirm": return confirm(session);
    case "noDefect": return answerNoDefect(session, around);
    case "submit": return submit(session, around);
    case "skip": around.request({ type: "skip" }); return true;
    case "guidelines":
    case "help":
    case "find": around.request({ type: command }); return true;
    default: return false;
  }
}

const drawnKind: Partial<Record<Tool, string>> = {
  box: "box", extreme: "box", rotatedBox: "rotatedBox", polygon: "polygon", polyline: "polyline", point: "point", brush: "mask", eraser: "mask",
};

export const toolAllowed = (session: Session, tool: Tool): boolean => {
  const kind = drawnKind[tool];
  return kind === undefined || !session.task.kinds || (session.task.kinds as readonly string[]).includes(kind);
};

function chooseTool(session: Session, tool: Tool): boolean {
  if (!toolAllowed(session, tool)) return false;
  session.tool = tool;
  session.dirty("overlay", "panel");
  return true;
}

/** The class of what is being drawn, else of the selection, else of what comes next. */
function chooseClass(session: Session, key: string): boolean {
  const classes = session.task.classes;
  const chosen = classes.find((one) => one.key === key) ?? (key === "0" ? undefined : classes.filter((one) => !one.key)[Number(key) - 1]);
  if (!chosen) return false;
  session.label = chosen.name;
  if (session.gesture.state === "idle" && onlyTags(session)) return toggleTag(session, chosen.name);
  if (session.gesture.state === "idle") relabel(session, chosen.name);
  session.dirty("overlay", "panel");
  return true;
}

/** Nothing may be drawn: a digit says what the whole image is. */
export const onlyTags = ({ task }: Session): boolean => task.kinds?.length === 0 && (task.tagClasses?.length ?? 0) > 0;

export function toggleTag(session: Session, tag: string): boolean {
  const chosen = new Set(session.document.tags);
  if (!chosen.delete(tag)) chosen.add(tag);
  return session.commit([{ type: "tags", tags: (session.task.tagClasses ?? []).filter((one) => chosen.has(one)) }]);
}

function deselect(session: Session): boolean {
  session.cursorByKeys = false;
  session.select([]);
  return true;
}

function answerNoDefect(session: Session, around: Surroundings): boolean {
  if (session.document.shapes.length > 0) {
    around.announce("removeShapesFirst");
    return false;
  }
  const clear = session.document.verdict === "no_defect";
  around.announce(clear ? "noDefectCleared" : "noDefectSet");
  return session.commit([{ type: "verdict", verdict: clear ? null : "no_defect" }]);
}

function submit(session: Session, around: Surroundings): boolean {
  const { verdict, tags, values } = session.document;
  if (verdict === null && tags.length === 0 && Object.keys(values).length === 0) {
    around.announce("answerFirst");
    return false;
  }
  if (session.task.values?.some((one) => values[one.name] === undefined)) {
    around.announce("valuesFirst");
    return false;
  }
  around.request({ type: "submit" });
  return true;
}

import { dragHandle, handleAt, removeVertex } from "../geometry/handles";
import { clonePatch, emptyPatch, patchOf, stroke } from "../geometry/mask";
import { clampTo, distance, intersects, rectOf, rounded, type ImagePoint } from "../geometry/points";
import { boundsOf, translate } from "../geometry/shapes";
import { finishGesture, placeShape } from "./finish";
import { idle } from "./gesture";
import type { Session } from "./session";

export interface PointerIntent {
  readonly at: ImagePoint;
  /** Shift: add to the selection; keep angles in steps. */
  readonly shift: boolean;
  /** Ctrl or Cmd: select whatever the tool. */
  readonly select: boolean;
  /** Alt on a vertex removes it. */
  readonly alt: boolean;
  /** Touch needs larger targets. */
  readonly coarse: boolean;
}

/** Reach of a handle or a thin line, image pixels. */
export const reach = (session: Session, coarse: boolean): number => (coarse ? 18 : 8) / session.viewport.scale;
export const rotationArm = (session: Session): number => 24 / session.viewport.scale;

export function press(session: Session, intent: PointerIntent): void {
  const at = clampTo(session.size, intent.at);
  session.cursor = at;
  session.cursorByKeys = false;
  const gesture = session.gesture;
  switch (gesture.state) {
    case "box": return void endBox(session, at);
    case "rotated": return rotatedPress(session, at);
    case "extreme": return extremePress(session, at);
    case "path": return pathPress(session, at, intent);
    case "idle": break;
    default: return;
  }
  if (grabHandle(session, intent)) return;
  if (session.tool === "select" || intent.select || session.readOnly) return selectPress(session, intent);
  startDrawing(session, at);
}

function grabHandle(session: Session, intent: PointerIntent): boolean {
  const [only, more] = session.selectedShapes;
  if (!only || more || !session.isEditable(only)) return false;
  const handle = handleAt(only, intent.at, reach(session, intent.coarse), rotationArm(session));
  if (!handle) return false;
  if (intent.alt && handle.type === "vertex") {
    const without = removeVertex(only, handle);
    if (without) session.commit([{ type: "put", shape: without }]);
    return true;
  }
  session.setGesture({ state: "resize", handle, original: only, current: only });
  return true;
}

function selectPress(session: Session, intent: PointerIntent): void {
  const tolerance = reach(session, intent.coarse) * 0.75;
  const proposals = session.visibleProposals;
  const hit = session.index.at(intent.at, tolerance, session.isVisible)
    ?? session.proposalIndex.at(intent.at, tolerance, (shape) => proposals.includes(shape));
  if (!hit) {
    if (!intent.shift) session.select([]);
    session.setGesture({ state: "area", from: intent.at, current: intent.at });
    return;
  }
  const already = session.selection.includes(hit.id);
  if (intent.shift) return session.select(already ? session.selection.filter((id) => id !== hit.id) : [...session.selection, hit.id]);
  if (!already) session.select([hit.id]);
  const originals = session.selectedShapes.filter(session.isEditable);
  if (originals.length > 0) session.setGesture({ state: "move", from: intent.at, originals, current: originals });
}

function startDrawing(session: Session, at: ImagePoint): void {
  switch (session.tool) {
    case "box": return session.setGesture({ state: "box", anchor: at, current: at, held: true });
    case "rotatedBox": return session.setGesture({ state: "rotated", points: [at], current: at, held: true });
    case "extreme": return session.setGesture({ state: "extreme", points: [at], current: at });
    case "polygon":
    case "polyline": return session.setGesture({ state: "path", kind: session.tool, points: [[rounded(at.x), rounded(at.y)]], current: at });
    case "point": return placeShape(session, at);
    case "brush":
    case "eraser": return startStroke(session, at, session.tool === "brush" ? 1 : 0);
  }
}

function startStroke(session: Session, at: ImagePoint, value: 0 | 1): void {
  // A selected mask of the class is painted further; otherwise the brush begins a new one.
  const selected = session.selectedShapes.find((shape) => shape.kind === "mask" && session.isEditable(shape)) ?? null;
  const under = session.index.at(at, 0, (shape) => shape.kind === "mask" && session.isEditable(shape));
  const shape = selected ?? (value === 0 ? under : null);
  if (value === 0 && !shape) return;
  const patch = shape?.kind === "mask" ? clonePatch(patchOf(shape.mask)) : emptyPatch;
  session.setGesture({ state: "brush", shape, patch: stroke(patch, at, at, session.brushRadius, value, session.size), value, last: at });
}

function endBox(session: Session, at: ImagePoint): boolean {
  if (session.gesture.state !== "box") return false;
  session.setGesture({ ...session.gesture, current: at, held: false });
  return session.draft() !== null && finishGesture(session);
}

function rotatedPress(session: Session, at: ImagePoint): void {
  if (session.gesture.state !== "rotated") return;
  const { points } = session.gesture;
  if (points.length < 2) return session.setGesture({ state: "rotated", points: [...points, at], current: at, held: false });
  session.setGesture({ ...session.gesture, current: at });
  if (session.draft()) finishGesture(session);
}

function extremePress(session: Session, at: ImagePoint): void {
  if (session.gesture.state !== "extreme") return;
  const { points } = session.gesture;
  session.setGesture({ state: "extreme", points: points.length < 3 ? [...points, at] : points, current: at });
  if (points.length === 3 && session.draft()) finishGesture(session);
}

function pathPress(session: Session, at: ImagePoint, intent: PointerIntent): void {
  if (session.gesture.state !== "path") return;
  const { points, kind } = session.gesture;
  const [x, y] = points[0]!;
  const closes = kind === "polygon" && points.length >= 3 && Math.hypot(at.x - x, at.y - y) <= reach(session, intent.coarse) * 1.25;
  if (closes) return void finishGesture(session);
  const last = points.at(-1)!;
  // The second press of a double click ends the line where it is.
  if (points.length >= 2 && Math.hypot(at.x - last[0], at.y - last[1]) < 2 / session.viewport.scale) return void finishGesture(session);
  session.setGesture({ ...session.gesture, points: [...points, [rounded(at.x), rounded(at.y)]], current: at });
}

export function move(session: Session, intent: PointerIntent): void {
  const at = clampTo(session.size, intent.at);
  session.cursor = at;
  session.cursorByKeys = false;
  const gesture = session.gesture;
  switch (gesture.state) {
    case "idle": return hover(session, intent);
    case "box":
    case "rotated":
    case "extreme":
    case "path":
    case "area": return session.setGesture({ ...gesture, current: at });
    case "brush": return session.setGesture({ ...gesture, patch: stroke(gesture.patch, gesture.last, at, session.brushRadius, gesture.value, session.size), last: at });
    case "move": {
      const dx = intent.at.x - gesture.from.x, dy = intent.at.y - gesture.from.y;
      return session.setGesture({ ...gesture, current: gesture.originals.map((shape) => translate(shape, dx, dy, session.size)) });
    }
    case "resize": return session.setGesture({ ...gesture, current: dragHandle(gesture.original, gesture.handle, intent.at, session.size, intent.shift) });
  }
}

function hover(session: Session, intent: PointerIntent): void {
  const tolerance = reach(session, intent.coarse) * 0.75;
  const hit = session.tool === "select" || intent.select || session.readOnly ? session.index.at(intent.at, tolerance, session.isVisible) : null;
  session.hovered = hit?.id ?? null;
  session.dirty("overlay");
}

export function release(session: Session, intent: PointerIntent): void {
  const gesture = session.gesture;
  const at = clampTo(session.size, intent.at);
  const dragged = (from: ImagePoint): boolean => distance(from, at) * session.viewport.scale > (intent.coarse ? 10 : 4);
  switch (gesture.state) {
    case "box":
      if (!gesture.held) return;
      if (dragged(gesture.anchor)) {
        if (!endBox(session, at)) session.setGesture(idle);
      } else session.setGesture({ ...gesture, held: false });
      return;
    case "rotated":
      if (gesture.held && dragged(gesture.points[0]!)) session.setGesture({ state: "rotated", points: [gesture.points[0]!, at], current: at, held: false });
      else session.setGesture({ ...gesture, held: false });
      return;
    case "brush":
    case "move":
    case "resize":
    case "area": finishGesture(session);
  }
}

/** The shapes an area gesture takes: those that lie in it entirely or in part. */
export const shapesInArea = (session: Session, a: ImagePoint, b: ImagePoint): string[] => {
  const rect = rectOf(a, b);
  return session.index.within(rect).filter((shape) => session.isVisible(shape) && intersects(boundsOf(shape), rect)).map((shape) => shape.id);
};

import type { Change, Shape } from "../contract";
import { isEmpty } from "../geometry/mask";
import type { ImagePoint } from "../geometry/points";
import { intersects, rectOf } from "../geometry/points";
import { boundsOf } from "../geometry/shapes";
import { pathShape, pointShape } from "./draft";
import { idle } from "./gesture";
import type { Session } from "./session";

/** Completes the gesture with what is there; a drawing that is not a shape yet is dropped. Returns whether the document changed. */
export function finishGesture(session: Session): boolean {
  const gesture = session.gesture;
  if (gesture.state === "idle") return false;
  if (gesture.state === "area") {
    const rect = rectOf(gesture.from, gesture.current);
    session.setGesture(idle);
    if ((rect.x2 - rect.x1) * session.viewport.scale < 4 && (rect.y2 - rect.y1) * session.viewport.scale < 4) return false;
    const inside = session.index.within(rect).filter((shape) => session.isVisible(shape) && intersects(boundsOf(shape), rect));
    session.select([...new Set([...session.selection, ...inside.map((shape) => shape.id)])]);
    return false;
  }
  if (gesture.state === "move" || gesture.state === "resize") {
    const before = gesture.state === "move" ? gesture.originals : [gesture.original];
    const after = gesture.state === "move" ? gesture.current : [gesture.current];
    const changes = after.filter((shape, index) => shape !== before[index]).map((shape): Change => ({ type: "put", shape }));
    session.setGesture(idle);
    return session.commit(changes);
  }
  if (gesture.state === "brush" && gesture.shape) {
    const shape = session.draft();
    const changes: Change[] = isEmpty(gesture.patch) || !shape ? [{ type: "remove", shapeId: gesture.shape.id }] : [{ type: "put", shape }];
    session.setGesture(idle);
    return session.commit(changes);
  }
  // The moving end of a path was not placed yet; the clicks are what counts.
  const drawn = gesture.state === "path" ? pathShape(gesture.kind, gesture.points, session.identity) : session.draft();
  session.setGesture(idle);
  return drawn ? addShape(session, drawn) : false;
}

export function addShape(session: Session, drawn: Shape): boolean {
  const shape = { ...drawn, id: session.newId() };
  if (!session.commit([{ type: "put", shape }])) return false;
  session.select([shape.id]);
  return true;
}

export function placeShape(session: Session, at: ImagePoint): void {
  addShape(session, pointShape(at, session.identity));
}

/** Takes back the last placed point; without any the gesture is over. */
export function stepBack(session: Session): void {
  const gesture = session.gesture;
  if ((gesture.state === "path" || gesture.state === "extreme" || gesture.state === "rotated") && gesture.points.length > 1) {
    if (gesture.state === "path") session.setGesture({ ...gesture, points: gesture.points.slice(0, -1) });
    else session.setGesture({ ...gesture, points: gesture.points.slice(0, -1) });
    return;
  }
  session.setGesture(idle);
}

import { imagePoint } from "../geometry/points";
import { reveal, toImage } from "../geometry/viewport";
import { viewPoint } from "../geometry/points";
import { finishGesture } from "./finish";
import { move, press, type PointerIntent } from "./pointer";
import { acceptProposal } from "./proposals";
import type { Session } from "./session";

/** The crosshair moved by arrow keys makes every tool usable without a pointer: Enter is its click. */
export function moveCursor(session: Session, dx: number, dy: number): boolean {
  const { viewSize, viewport } = session;
  const from = session.cursor ?? toImage(viewport, viewPoint(viewSize.width / 2, viewSize.height / 2));
  // One step is at least a screen pixel, else nothing would seem to move on a zoomed-out image.
  const unit = Math.max(1, Math.round(1 / viewport.scale));
  move(session, intentAt(imagePoint(from.x + dx * unit, from.y + dy * unit)));
  session.cursorByKeys = true;
  const at = session.cursor!;
  const shown = reveal(viewport, { x1: at.x, y1: at.y, x2: at.x, y2: at.y }, viewSize);
  if (shown.offsetX !== viewport.offsetX || shown.offsetY !== viewport.offsetY) session.setViewport(shown);
  session.dirty("overlay");
  return true;
}

/** Enter: accepts a proposal, ends a path, or clicks at the keyboard's crosshair. */
export function confirm(session: Session): boolean {
  const gesture = session.gesture;
  if (gesture.state === "idle" && session.selectedProposal) return acceptProposal(session, session.selectedProposal);
  if (gesture.state === "path" && !movedSinceLastPoint(session)) return finishGesture(session);
  if (!session.cursorByKeys || !session.cursor) return gesture.state === "path" ? finishGesture(session) : false;
  if (gesture.state === "idle" && session.readOnly) return false;
  press(session, intentAt(session.cursor));
  session.cursorByKeys = true;
  if (session.gesture.state === "box" || session.gesture.state === "rotated") session.setGesture({ ...session.gesture, held: false });
  return true;
}

function movedSinceLastPoint(session: Session): boolean {
  if (session.gesture.state !== "path" || !session.cursorByKeys) return false;
  const [x, y] = session.gesture.points.at(-1)!;
  return Math.hypot(session.gesture.current.x - x, session.gesture.current.y - y) >= 1;
}

const intentAt = (at: PointerIntent["at"]): PointerIntent => ({ at, shift: false, select: false, alt: false, coarse: false });

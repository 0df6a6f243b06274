import { boundsOf } from "../geometry/shapes";
import { reveal } from "../geometry/viewport";
import type { Session } from "./session";

/** Proposals come first: they wait for an answer. */
export function walk(session: Session, direction: 1 | -1): boolean {
  const stops = [...session.visibleProposals, ...session.document.shapes.filter(session.isVisible)];
  if (stops.length === 0) return false;
  const at = stops.findIndex((shape) => shape.id === session.selection[0]);
  const next = at < 0 ? (direction > 0 ? 0 : stops.length - 1) : (at + direction + stops.length) % stops.length;
  const shape = stops[next]!;
  session.select([shape.id]);
  session.setViewport(reveal(session.viewport, boundsOf(shape), session.viewSize));
  return true;
}

export function selectAll(session: Session): boolean {
  session.select(session.document.shapes.filter(session.isVisible).map((shape) => shape.id));
  return true;
}

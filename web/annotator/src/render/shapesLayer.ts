import type { Shape } from "../contract";
import { inflate, intersects, type ImageRect } from "../geometry/points";
import { boundsOf } from "../geometry/shapes";
import { heldShapes, type Session } from "../tools/session";
import { drawLabel, labelHeight, labelReach, labelText } from "./labels";
import type { Palette } from "./palette";
import type { Placement } from "./surface";
import { drawMask, isClosed, trace } from "./trace";

export interface ShapeLook { readonly labels: boolean }

/** The shapes at rest: what the gesture holds is drawn by the overlay. */
export function shapesShown(session: Session): ReadonlySet<Shape> {
  const held = new Set(heldShapes(session.gesture)?.map((shape) => shape.id));
  return new Set([...session.document.shapes.filter((shape) => session.isVisible(shape) && !held.has(shape.id)), ...session.visibleProposals]);
}

/** Whether a part of the image is touched by anything this layer draws. */
export const hasShapesIn = (part: ImageRect, scale: number, session: Session): boolean => {
  const near = reaching(part, scale);
  return (!session.allHidden && session.index.within(near).length > 0) || (session.visibleProposals.length > 0 && session.proposalIndex.within(near).length > 0);
};

/** Everything that does not move with the pointer; what the gesture holds is left out. */
export function paintShapes(context: CanvasRenderingContext2D, part: ImageRect, placement: Placement, session: Session, palette: Palette, look: ShapeLook): void {
  const { viewport } = placement;
  const held = heldShapes(session.gesture);
  const skip = held ? new Set(held.map((shape) => shape.id)) : null;
  const pending = new Set(session.visibleProposals);
  // A label may reach into this part from a shape that does not.
  const far = reaching(part, viewport.scale), near = inflate(part, lineReach / viewport.scale);
  const shown = session.index.within(far).filter((shape) => session.isVisible(shape) && !skip?.has(shape.id));
  const proposed = pending.size === 0 ? [] : session.proposalIndex.within(far).filter((shape) => pending.has(shape));
  const drawn = (shape: Shape): boolean => intersects(boundsOf(shape), near);

  paintOutlines(context, shown.filter(drawn), placement, palette);
  context.setLineDash([6, 4]);
  paintOutlines(context, proposed.filter(drawn), placement, palette, true);
  context.setLineDash([]);
  if (!look.labels) return;
  for (const shape of shown) {
    const style = palette.style(shape.label);
    drawLabel(context, shape, labelText(shape, style, viewport.scale, false), style, placement);
  }
  for (const shape of proposed) {
    const style = palette.style(shape.label);
    const text = labelText(shape, style, viewport.scale, false);
    drawLabel(context, shape, text && `? ${text}`, style, placement);
  }
}

/** Where anything is drawn of a shape: its outline, and its label above it or inside it to the right of its left edge. */
export function extentOf({ x1, y1, x2, y2 }: ImageRect, scale: number): ImageRect {
  const line = lineReach / scale;
  return { x1: x1 - line, y1: y1 - line - labelHeight / scale, x2: Math.max(x2, x1 + labelReach / scale) + line, y2: Math.max(y2, y1 + labelHeight / scale) + line };
}

/** The bounds of a shape lie here if anything of it is drawn in the part. */
const reaching = ({ x1, y1, x2, y2 }: ImageRect, scale: number): ImageRect => {
  const line = lineReach / scale;
  return { x1: x1 - line - labelReach / scale, y1: y1 - line - labelHeight / scale, x2: x2 + line, y2: y2 + line + labelHeight / scale };
};

/** Half a line's width, and the arms of a point. */
const lineReach = 12;

/** One path a class: thousands of boxes cost a handful of strokes. A dark rim keeps light colours visible on light images. */
function paintOutlines(context: CanvasRenderingContext2D, shapes: readonly Shape[], { viewport }: Placement, palette: Palette, proposed = false): void {
  const byLabel = new Map<string, Shape[]>();
  for (const shape of shapes) {
    if (shape.kind === "mask") drawMask(context, shape.mask, palette.style(shape.label).color, viewport);
    const list = byLabel.get(shape.label);
    if (list) list.push(shape);
    else byLabel.set(shape.label, [shape]);
  }
  context.lineJoin = "round";
  for (const label of [...byLabel.keys()].sort(palette.compare)) {
    const list = byLabel.get(label)!;
    const { color } = palette.style(label);
    context.beginPath();
    for (const shape of list) trace(context, shape, viewport);
    context.strokeStyle = "rgba(0, 0, 0, 0.55)";
    context.lineWidth = 3.5;
    context.stroke();
    context.strokeStyle = color;
    context.lineWidth = 1.75;
    context.stroke();
    if (proposed) continue;
    const filled = list.filter((shape) => shape.kind === "polygon" && isClosed(shape));
    if (filled.length === 0) continue;
    context.beginPath();
    for (const shape of filled) trace(context, shape, viewport);
    context.fillStyle = `${color}2e`;
    context.fill("evenodd");
  }
}

import type { Shape } from "../contract";
import { inflate, type ImageRect } from "../geometry/points";
import { heldShapes, type Session } from "../tools/session";
import { drawLabel, labelReach, labelText } from "./labels";
import type { Palette } from "./palette";
import type { Placement } from "./surface";
import { drawMask, isClosed, trace } from "./trace";

export interface ShapeLook { readonly labels: boolean }

/** Everything that does not move with the pointer; what the gesture holds is left out. */
export function paintShapes(context: CanvasRenderingContext2D, part: ImageRect, placement: Placement, session: Session, palette: Palette, look: ShapeLook): void {
  const { viewport } = placement;
  const held = heldShapes(session.gesture);
  const skip = held ? new Set(held.map((shape) => shape.id)) : null;
  const pending = new Set(session.visibleProposals);
  const shownIn = (rect: ImageRect): Shape[] => session.index.within(rect).filter((shape) => session.isVisible(shape) && !skip?.has(shape.id));
  const proposedIn = (rect: ImageRect): Shape[] => (pending.size === 0 ? [] : session.proposalIndex.within(rect).filter((shape) => pending.has(shape)));

  const near = inflate(part, lineReach / viewport.scale);
  paintOutlines(context, shownIn(near), placement, palette);
  context.setLineDash([6, 4]);
  paintOutlines(context, proposedIn(near), placement, palette, true);
  context.setLineDash([]);
  if (!look.labels) return;
  // A label may reach into this part from a shape that does not.
  const far = inflate(part, labelReach / viewport.scale);
  for (const shape of shownIn(far)) {
    const style = palette.style(shape.label);
    drawLabel(context, shape, labelText(shape, style, viewport.scale, false), style, placement);
  }
  for (const shape of proposedIn(far)) {
    const style = palette.style(shape.label);
    const text = labelText(shape, style, viewport.scale, false);
    drawLabel(context, shape, text && `? ${text}`, style, placement);
  }
}

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

import type { Shape } from "../contract";
import { handlesOf } from "../geometry/handles";
import { toView } from "../geometry/viewport";
import { fromPosition, imagePoint, rectOf } from "../geometry/points";
import { rotationArm } from "../tools/pointer";
import type { Session } from "../tools/session";
import { drawLabel, labelText } from "./labels";
import type { Palette } from "./palette";
import type { Placement } from "./surface";
import { drawMask, drawPatch, isClosed, trace } from "./trace";

/** What follows the pointer: selection with handles, the shape being drawn, crosshair, pins. Cheap enough for every frame. */
export function paintOverlay(context: CanvasRenderingContext2D, placement: Placement, session: Session, palette: Palette): void {
  const { gesture } = session;
  const drawing = gesture.state === "box" || gesture.state === "rotated" || gesture.state === "extreme" || gesture.state === "path";
  if (session.hovered && gesture.state === "idle") {
    const shape = session.shape(session.hovered);
    if (shape && session.isVisible(shape)) emphasise(context, shape, placement, palette, "hover");
  }
  if (gesture.state === "move") for (const shape of gesture.current) emphasise(context, shape, placement, palette, "selected");
  else if (gesture.state === "resize") emphasise(context, gesture.current, placement, palette, "selected");
  else if (gesture.state === "brush") drawPatch(context, gesture.patch, palette.style(gesture.shape?.label ?? session.label).color, placement.viewport, false);
  else paintSelection(context, placement, session, palette);
  if (session.ghost) paintGhost(context, session.ghost, placement, palette);
  if (gesture.state === "area") paintArea(context, placement, session);
  if (drawing) paintDraft(context, placement, session, palette);
  paintCursor(context, placement, session);
  paintPins(context, placement, session);
}

/** Nothing would be painted: touching the canvas anyway would cost more than all shapes do. */
export function overlayIsBlank({ gesture, ghost, hovered, selection, comments, cursor, cursorByKeys, tool, readOnly }: Session): boolean {
  const crosshair = cursor !== null && (cursorByKeys || (tool !== "select" && !readOnly));
  return gesture.state === "idle" && ghost === null && hovered === null && selection.length === 0 && comments.length === 0 && !crosshair && (cursor === null || (tool !== "brush" && tool !== "eraser"));
}

/** As it was: a broken line with its class of that time. */
function paintGhost(context: CanvasRenderingContext2D, shape: Shape, placement: Placement, palette: Palette): void {
  const style = palette.style(shape.label);
  if (shape.kind === "mask") drawMask(context, shape.mask, "#ffffff", placement.viewport);
  for (const [color, width, dash] of [["#000000", 5, []], ["#ffffff", 2.5, [6, 5]]] as const) {
    context.beginPath();
    trace(context, shape, placement.viewport);
    context.setLineDash([...dash]);
    context.strokeStyle = color;
    context.lineWidth = width;
    context.stroke();
  }
  context.setLineDash([]);
  drawLabel(context, shape, labelText(shape, style, placement.viewport.scale, true), style, placement);
}

function paintSelection(context: CanvasRenderingContext2D, placement: Placement, session: Session, palette: Palette): void {
  const proposal = session.selectedProposal;
  const selected = proposal ? [proposal] : session.selectedShapes.filter(session.isVisible);
  for (const shape of selected) emphasise(context, shape, placement, palette, "selected");
  const [only, more] = selected;
  if (!only || more || proposal || !session.isEditable(only) || session.gesture.state !== "idle") return;
  for (const { handle, at } of handlesOf(only, rotationArm(session))) {
    const { x, y } = toView(placement.viewport, at);
    const radius = handle.type === "insert" ? 3 : 4.5;
    context.beginPath();
    if (handle.type === "rotate" || handle.type === "insert") context.arc(x, y, radius, 0, 2 * Math.PI);
    else context.rect(x - radius, y - radius, 2 * radius, 2 * radius);
    context.fillStyle = handle.type === "insert" ? "rgba(255, 255, 255, 0.75)" : "#ffffff";
    context.fill();
    context.lineWidth = 1.25;
    context.strokeStyle = "#111827";
    context.stroke();
  }
}

function emphasise(context: CanvasRenderingContext2D, shape: Shape, placement: Placement, palette: Palette, how: "hover" | "selected"): void {
  const style = palette.style(shape.label);
  if (shape.kind === "mask") {
    drawMask(context, shape.mask, how === "selected" ? "#ffffff" : style.color, placement.viewport);
  }
  context.beginPath();
  trace(context, shape, placement.viewport);
  if (isClosed(shape)) {
    context.fillStyle = `${style.color}${how === "selected" ? "38" : "24"}`;
    context.fill("evenodd");
  }
  context.lineJoin = "round";
  context.strokeStyle = "#000000";
  context.lineWidth = 5;
  context.stroke();
  context.strokeStyle = "#ffffff";
  context.lineWidth = 3.5;
  context.stroke();
  context.strokeStyle = style.color;
  context.lineWidth = 2;
  context.stroke();
  drawLabel(context, shape, labelText(shape, style, placement.viewport.scale, true), style, placement);
}

function paintDraft(context: CanvasRenderingContext2D, placement: Placement, session: Session, palette: Palette): void {
  const { viewport } = placement;
  const style = palette.style(session.label);
  const { gesture } = session;
  const draft = session.draft();
  context.beginPath();
  if (draft) trace(context, draft, viewport);
  else if (gesture.state === "path" || gesture.state === "rotated") {
    const placed = gesture.state === "path" ? gesture.points.map(([x, y]) => toView(viewport, imagePoint(x, y))) : gesture.points.map((p) => toView(viewport, p));
    const end = toView(viewport, gesture.current);
    placed.forEach((p, index) => (index ? context.lineTo(p.x, p.y) : context.moveTo(p.x, p.y)));
    context.lineTo(end.x, end.y);
  }
  if (draft && isClosed(draft)) {
    context.fillStyle = `${style.color}24`;
    context.fill("evenodd");
  }
  context.strokeStyle = "rgba(0, 0, 0, 0.6)";
  context.lineWidth = 3.5;
  context.stroke();
  context.strokeStyle = style.color;
  context.lineWidth = 2;
  context.stroke();
  const dots = gesture.state === "path" ? gesture.points.map(fromPosition) : gesture.state === "extreme" || gesture.state === "rotated" ? gesture.points : [];
  dots.forEach((point, index) => dot(context, toView(viewport, point), index === 0 ? 5 : 3.5, style.color));
  if (draft) drawLabel(context, draft, labelText({ ...draft }, style, viewport.scale, true), style, placement);
}

function dot(context: CanvasRenderingContext2D, { x, y }: { x: number; y: number }, radius: number, color: string): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = "#ffffff";
  context.fill();
  context.lineWidth = 1.5;
  context.strokeStyle = color;
  context.stroke();
}

function paintArea(context: CanvasRenderingContext2D, { viewport }: Placement, session: Session): void {
  if (session.gesture.state !== "area") return;
  const rect = rectOf(session.gesture.from, session.gesture.current);
  const { scale, offsetX, offsetY } = viewport;
  context.setLineDash([5, 4]);
  context.lineWidth = 1;
  context.fillStyle = "rgba(56, 132, 255, 0.12)";
  context.strokeStyle = "#3884ff";
  context.fillRect(rect.x1 * scale + offsetX, rect.y1 * scale + offsetY, (rect.x2 - rect.x1) * scale, (rect.y2 - rect.y1) * scale);
  context.strokeRect(rect.x1 * scale + offsetX, rect.y1 * scale + offsetY, (rect.x2 - rect.x1) * scale, (rect.y2 - rect.y1) * scale);
  context.setLineDash([]);
}

/** A full-image crosshair for the drawing tools, the brush's circle for painting, and whatever the arrow keys move. */
function paintCursor(context: CanvasRenderingContext2D, { viewport }: Placement, session: Session): void {
  const at = session.cursor;
  if (!at) return;
  const { x, y } = toView(viewport, at);
  if (session.tool === "brush" || session.tool === "eraser") {
    context.beginPath();
    context.arc(x, y, session.brushRadius * viewport.scale, 0, 2 * Math.PI);
    outline(context, session.tool === "eraser" ? [3, 3] : []);
    if (!session.cursorByKeys) return;
  }
  const drawing = session.tool !== "select" && !session.readOnly && session.tool !== "brush" && session.tool !== "eraser";
  if (!drawing && !session.cursorByKeys) return;
  const left = viewport.offsetX, top = viewport.offsetY;
  const right = left + session.size.width * viewport.scale, bottom = top + session.size.height * viewport.scale;
  context.beginPath();
  context.moveTo(Math.max(0, left), Math.round(y) + 0.5);
  context.lineTo(Math.min(session.viewSize.width, right), Math.round(y) + 0.5);
  context.moveTo(Math.round(x) + 0.5, Math.max(0, top));
  context.lineTo(Math.round(x) + 0.5, Math.min(session.viewSize.height, bottom));
  outline(context, []);
}

function outline(context: CanvasRenderingContext2D, dash: number[]): void {
  context.setLineDash(dash);
  context.lineWidth = 2.5;
  context.strokeStyle = "rgba(0, 0, 0, 0.35)";
  context.stroke();
  context.lineWidth = 1;
  context.strokeStyle = "rgba(255, 255, 255, 0.9)";
  context.stroke();
  context.setLineDash([]);
}

function paintPins(context: CanvasRenderingContext2D, { viewport }: Placement, session: Session): void {
  session.comments.forEach((comment, index) => {
    const { x, y } = toView(viewport, fromPosition(comment.at));
    context.beginPath();
    context.moveTo(x, y);
    context.arc(x, y - 16, 10, Math.PI * 0.8, Math.PI * 0.2);
    context.closePath();
    context.fillStyle = comment.resolved ? "#6b7280" : "#b42318";
    context.fill();
    context.lineWidth = 1.5;
    context.strokeStyle = "#ffffff";
    context.stroke();
    context.fillStyle = "#ffffff";
    context.font = '600 11px system-ui, "Liberation Sans", sans-serif';
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText(String(index + 1), x, y - 16);
    context.textAlign = "start";
  });
}

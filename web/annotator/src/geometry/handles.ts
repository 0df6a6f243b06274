import type { Position, Shape } from "../contract";
import { clampTo, distance, fromPosition, imagePoint, rotate, rounded, toPosition, type ImagePoint, type ImageSize } from "./points";
import { nearestSegment } from "./rings";
import { cornersOf } from "./shapes";

/** sx, sy: -1 low side, 1 high side, 0 that axis stays. */
export type Handle =
  | { readonly type: "side"; readonly sx: -1 | 0 | 1; readonly sy: -1 | 0 | 1 }
  | { readonly type: "rotate" }
  | { readonly type: "vertex"; readonly ring: number; readonly index: number }
  /** A new vertex between `index` and the next. */
  | { readonly type: "insert"; readonly ring: number; readonly index: number };

export interface PlacedHandle { readonly handle: Handle; readonly at: ImagePoint }

const sides: readonly (readonly [-1 | 0 | 1, -1 | 0 | 1])[] = [[-1, -1], [0, -1], [1, -1], [1, 0], [1, 1], [0, 1], [-1, 1], [-1, 0]];

/** `arm` is how far above the box the rotation handle stands, image pixels. */
export function handlesOf(shape: Shape, arm: number): PlacedHandle[] {
  switch (shape.kind) {
    case "box": {
      const [x, y, width, height] = shape.box;
      return sides.map(([sx, sy]) => ({ handle: { type: "side", sx, sy }, at: imagePoint(x + (width * (sx + 1)) / 2, y + (height * (sy + 1)) / 2) }));
    }
    case "rotatedBox": {
      const [cx, cy, width, height, angle] = shape.rotatedBox;
      const centre = imagePoint(cx, cy);
      const placed: PlacedHandle[] = sides.map(([sx, sy]) => ({
        handle: { type: "side", sx, sy }, at: rotate(imagePoint(cx + (width * sx) / 2, cy + (height * sy) / 2), centre, angle),
      }));
      return [...placed, { handle: { type: "rotate" }, at: rotate(imagePoint(cx, cy - height / 2 - arm), centre, angle) }];
    }
    case "polygon": return shape.rings.flatMap((ring, r) => vertexHandles(ring, r, true));
    case "polyline": return vertexHandles(shape.points, 0, false);
    case "point":
    case "mask": return [];
  }
}

function vertexHandles(points: readonly Position[], ring: number, closed: boolean): PlacedHandle[] {
  const vertices: PlacedHandle[] = points.map((p, index) => ({ handle: { type: "vertex", ring, index }, at: fromPosition(p) }));
  const last = closed ? points.length : points.length - 1;
  for (let index = 0; index < last; index++) {
    const a = points[index]!, b = points[(index + 1) % points.length]!;
    vertices.push({ handle: { type: "insert", ring, index }, at: imagePoint((a[0] + b[0]) / 2, (a[1] + b[1]) / 2) });
  }
  return vertices;
}

/** The handle within `tolerance` of the point; failing that, the edge of a box as a whole. */
export function handleAt(shape: Shape, point: ImagePoint, tolerance: number, arm: number): Handle | null {
  let best: Handle | null = null, nearest = tolerance;
  for (const { handle, at } of handlesOf(shape, arm)) {
    // A real vertex wins over the middle of its edge when both are in reach.
    const d = distance(at, point) + (handle.type === "insert" ? tolerance / 3 : 0);
    if (d <= nearest) [best, nearest] = [handle, d];
  }
  if (best || (shape.kind !== "box" && shape.kind !== "rotatedBox")) return best;
  const corners = shape.kind === "rotatedBox" ? cornersOf(shape) : cornersOfBox(shape.box);
  const edge = nearestSegment(corners.map(toPosition), true, point);
  if (edge.distance > tolerance * 0.6) return null;
  return ([{ sx: 0, sy: -1 }, { sx: 1, sy: 0 }, { sx: 0, sy: 1 }, { sx: -1, sy: 0 }] as const).map((side): Handle => ({ type: "side", ...side }))[edge.index] ?? null;
}

const cornersOfBox = ([x, y, w, h]: readonly [number, number, number, number]): ImagePoint[] =>
  [imagePoint(x, y), imagePoint(x + w, y), imagePoint(x + w, y + h), imagePoint(x, y + h)];

/** Smallest width and height a box may have, image pixels. */
export const minimumSide = 1;

/** The shape with `handle` dragged to `target`. Dragging a side over the other one turns the box inside out, as in every drawing tool. */
export function dragHandle(shape: Shape, handle: Handle, target: ImagePoint, size: ImageSize, snapAngle = false): Shape {
  const to = clampTo(size, target);
  if (shape.kind === "box" && handle.type === "side") return { ...shape, box: dragSides(shape.box, handle, to) };
  if (shape.kind === "rotatedBox" && handle.type === "side") return { ...shape, rotatedBox: dragRotatedSides(shape.rotatedBox, handle, to) };
  if (shape.kind === "rotatedBox" && handle.type === "rotate") {
    const [cx, cy, width, height] = shape.rotatedBox;
    const raw = (Math.atan2(target.y - cy, target.x - cx) * 180) / Math.PI + 90;
    const angle = snapAngle ? Math.round(raw / 15) * 15 : raw;
    return { ...shape, rotatedBox: [cx, cy, width, height, rounded(((angle % 360) + 360) % 360)] };
  }
  if (handle.type !== "vertex" && handle.type !== "insert") return shape;
  const place = (points: readonly Position[]): Position[] => {
    const copy = [...points];
    copy.splice(handle.type === "insert" ? handle.index + 1 : handle.index, handle.type === "insert" ? 0 : 1, [rounded(to.x), rounded(to.y)]);
    return copy;
  };
  if (shape.kind === "polyline") return { ...shape, points: place(shape.points) };
  if (shape.kind === "polygon") return { ...shape, rings: shape.rings.map((ring, r) => (r === handle.ring ? place(ring) : ring)) };
  return shape;
}

type SideHandle = Extract<Handle, { type: "side" }>;

function dragSides([x, y, width, height]: readonly [number, number, number, number], { sx, sy }: SideHandle, to: ImagePoint): [number, number, number, number] {
  const axis = (low: number, extent: number, side: number, at: number): [number, number] => {
    if (side === 0) return [low, extent];
    const fixed = side < 0 ? low + extent : low;
    const length = Math.max(minimumSide, Math.abs(at - fixed));
    return [rounded(at < fixed || (at === fixed && side < 0) ? fixed - length : fixed), rounded(length)];
  };
  const [left, w] = axis(x, width, sx, to.x), [top, h] = axis(y, height, sy, to.y);
  return [left, top, w, h];
}

function dragRotatedSides([cx, cy, width, height, angle]: readonly [number, number, number, number, number], side: SideHandle, to: ImagePoint): [number, number, number, number, number] {
  const centre = imagePoint(cx, cy);
  const local = rotate(to, centre, -angle);
  const [x, y, w, h] = dragSides([cx - width / 2, cy - height / 2, width, height], side, local);
  const moved = rotate(imagePoint(x + w / 2, y + h / 2), centre, angle);
  return [rounded(moved.x), rounded(moved.y), w, h, angle];
}

/** Without the vertex; null when too few would remain. */
export function removeVertex(shape: Shape, handle: Handle): Shape | null {
  if (handle.type !== "vertex") return null;
  if (shape.kind === "polyline") {
    return shape.points.length <= 2 ? null : { ...shape, points: shape.points.filter((_, index) => index !== handle.index) };
  }
  if (shape.kind !== "polygon") return null;
  const ring = shape.rings[handle.ring];
  if (!ring || ring.length <= 3) return null;
  return { ...shape, rings: shape.rings.map((one, r) => (r === handle.ring ? one.filter((_, index) => index !== handle.index) : one)) };
}

/** Keyboard resizing: the right and lower sides move by dx, dy. */
export function resizeBy(shape: Shape, dx: number, dy: number, size: ImageSize): Shape {
  if (shape.kind === "box") {
    const [x, y, width, height] = shape.box;
    const w = Math.min(size.width - x, Math.max(minimumSide, width + dx)), h = Math.min(size.height - y, Math.max(minimumSide, height + dy));
    return { ...shape, box: [x, y, rounded(w), rounded(h)] };
  }
  if (shape.kind !== "rotatedBox") return shape;
  const [cx, cy, width, height, angle] = shape.rotatedBox;
  return { ...shape, rotatedBox: [cx, cy, rounded(Math.max(minimumSide, width + dx)), rounded(Math.max(minimumSide, height + dy)), angle] };
}

import type { PolygonShape, PolylineShape, Position, RotatedBoxShape, Shape } from "../contract";
import { covers, encode, patchOf, shift } from "./mask";
import { contains, fromPosition, imagePoint, inflate, rectAround, rotate, rounded, type ImagePoint, type ImageRect, type ImageSize } from "./points";
import { insideRings, nearestSegment } from "./rings";

const knownBounds = new WeakMap<Shape, ImageRect>();

/** Computed once for each shape object; shapes are immutable. */
export function boundsOf(shape: Shape): ImageRect {
  let bounds = knownBounds.get(shape);
  if (!bounds) knownBounds.set(shape, (bounds = measure(shape)));
  return bounds;
}

function measure(shape: Shape): ImageRect {
  switch (shape.kind) {
    case "box": {
      const [x, y, width, height] = shape.box;
      return { x1: x, y1: y, x2: x + width, y2: y + height };
    }
    case "rotatedBox": return rectAround(cornersOf(shape));
    case "polygon": return rectAround(shape.rings.flat().map(fromPosition));
    case "polyline": return rectAround(shape.points.map(fromPosition));
    case "point": return rectAround([fromPosition(shape.point)]);
    case "mask": {
      const patch = patchOf(shape.mask);
      return { x1: patch.x, y1: patch.y, x2: patch.x + patch.width, y2: patch.y + patch.height };
    }
  }
}

/** Upper-left, upper-right, lower-right, lower-left before rotation. */
export function cornersOf({ rotatedBox: [cx, cy, width, height, angle] }: RotatedBoxShape): ImagePoint[] {
  const centre = imagePoint(cx, cy);
  return [[-1, -1], [1, -1], [1, 1], [-1, 1]].map(([sx, sy]) =>
    rotate(imagePoint(cx + (sx! * width) / 2, cy + (sy! * height) / 2), centre, angle));
}

/** How far inside or near the shape the point is: 0 on it, growing with the distance; Infinity beyond `tolerance` pixels. */
export function hitDistance(shape: Shape, point: ImagePoint, tolerance: number): number {
  if (!contains(inflate(boundsOf(shape), tolerance), point)) return Infinity;
  const within = (distance: number): number => (distance <= tolerance ? distance : Infinity);
  switch (shape.kind) {
    case "box": return 0;
    case "rotatedBox": {
      const ring = cornersOf(shape).map((corner) => [corner.x, corner.y] as const);
      return insideRings([ring], point) ? 0 : within(nearestSegment(ring, true, point).distance);
    }
    case "polygon":
      if (insideRings(shape.rings, point)) return 0;
      return within(Math.min(...shape.rings.map((ring) => nearestSegment(ring, true, point).distance)));
    case "polyline": return within(nearestSegment(shape.points, false, point).distance);
    case "point": return within(Math.hypot(shape.point[0] - point.x, shape.point[1] - point.y));
    case "mask": return covers(patchOf(shape.mask), point) ? 0 : Infinity;
  }
}

const moved = ([x, y]: Position, dx: number, dy: number): Position => [rounded(x + dx), rounded(y + dy)];

/** Moved as far as the image allows: a shape never leaves the image by being moved. */
export function translate(shape: Shape, wantedX: number, wantedY: number, size: ImageSize): Shape {
  const bounds = boundsOf(shape);
  const limit = (by: number, low: number, high: number, extent: number): number =>
    high - low > extent ? by : Math.min(Math.max(by, Math.min(0, -low)), Math.max(0, extent - high));
  const dx = limit(wantedX, bounds.x1, bounds.x2, size.width), dy = limit(wantedY, bounds.y1, bounds.y2, size.height);
  if (dx === 0 && dy === 0) return shape;
  switch (shape.kind) {
    case "box": {
      const [x, y, width, height] = shape.box;
      return { ...shape, box: [rounded(x + dx), rounded(y + dy), width, height] };
    }
    case "rotatedBox": {
      const [x, y, width, height, angle] = shape.rotatedBox;
      return { ...shape, rotatedBox: [rounded(x + dx), rounded(y + dy), width, height, angle] };
    }
    case "polygon": return { ...shape, rings: shape.rings.map((ring) => ring.map((p) => moved(p, dx, dy))) } satisfies PolygonShape;
    case "polyline": return { ...shape, points: shape.points.map((p) => moved(p, dx, dy)) } satisfies PolylineShape;
    case "point": return { ...shape, point: moved(shape.point, dx, dy) };
    case "mask": {
      const patch = shift(patchOf(shape.mask), dx, dy, size);
      return { ...shape, mask: encode(patch, size) };
    }
  }
}

/** The position at which the shape's label is drawn: its upper-left corner as seen on the screen. */
export function labelAnchor(shape: Shape): ImagePoint {
  const bounds = boundsOf(shape);
  return imagePoint(bounds.x1, bounds.y1);
}

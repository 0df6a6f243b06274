import { imagePoint, type ImagePoint } from "./points";

/** Even-odd rule over all rings. */
export function insideRings(rings: readonly (readonly (readonly [number, number])[])[], { x, y }: ImagePoint): boolean {
  let inside = false;
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [xi, yi] = ring[i]!, [xj, yj] = ring[j]!;
      if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
    }
  }
  return inside;
}

export function nearestOnSegment(p: ImagePoint, a: ImagePoint, b: ImagePoint): ImagePoint {
  const dx = b.x - a.x, dy = b.y - a.y;
  const length = dx * dx + dy * dy;
  const t = length === 0 ? 0 : Math.min(1, Math.max(0, ((p.x - a.x) * dx + (p.y - a.y) * dy) / length));
  return imagePoint(a.x + t * dx, a.y + t * dy);
}

export const distanceToSegment = (p: ImagePoint, a: ImagePoint, b: ImagePoint): number => {
  const q = nearestOnSegment(p, a, b);
  return Math.hypot(p.x - q.x, p.y - q.y);
};

/** Index of the segment (from point i to i + 1) nearest to `p`, and how far it is. */
export function nearestSegment(points: readonly (readonly [number, number])[], closed: boolean, p: ImagePoint): { index: number; distance: number } {
  let best = { index: -1, distance: Infinity };
  const last = closed ? points.length : points.length - 1;
  for (let i = 0; i < last; i++) {
    const a = points[i]!, b = points[(i + 1) % points.length]!;
    const d = distanceToSegment(p, imagePoint(a[0], a[1]), imagePoint(b[0], b[1]));
    if (d < best.distance) best = { index: i, distance: d };
  }
  return best;
}

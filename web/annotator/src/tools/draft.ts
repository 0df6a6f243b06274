import type { Position, Shape } from "../contract";
import { minimumSide } from "../geometry/handles";
import { encode, isEmpty } from "../geometry/mask";
import { distance, rectAround, rectOf, rotate, rounded, imagePoint, toPosition, type ImagePoint, type ImageRect, type ImageSize } from "../geometry/points";
import type { Gesture } from "./gesture";

export interface DraftIdentity { readonly id: string; readonly label: string; readonly createdBy?: string }

const base = (identity: DraftIdentity): DraftIdentity & { attributes: Record<string, never> } => ({ ...identity, attributes: {} });

const boxFrom = (rect: ImageRect, identity: DraftIdentity): Shape | null => {
  const width = rounded(rect.x2 - rect.x1), height = rounded(rect.y2 - rect.y1);
  if (width < minimumSide || height < minimumSide) return null;
  return { ...base(identity), kind: "box", box: [rounded(rect.x1), rounded(rect.y1), width, height] };
};

const rounds = (point: ImagePoint): Position => [rounded(point.x), rounded(point.y)];

/** A side from a to b and the distance of the third point from it. */
export function rotatedFrom(a: ImagePoint, b: ImagePoint, third: ImagePoint, identity: DraftIdentity): Shape | null {
  const angle = (Math.atan2(b.y - a.y, b.x - a.x) * 180) / Math.PI;
  const width = distance(a, b);
  const height = rotate(third, a, -angle).y - a.y;
  if (width < minimumSide || Math.abs(height) < minimumSide) return null;
  const centre = rotate(imagePoint(a.x + width / 2, a.y + height / 2), a, angle);
  return {
    ...base(identity), kind: "rotatedBox",
    rotatedBox: [rounded(centre.x), rounded(centre.y), rounded(width), rounded(Math.abs(height)), rounded((angle + 360) % 360)],
  };
}

/** The shape a drawing gesture would make if it ended with its current point; null while it is not one yet. */
export function draftOf(gesture: Gesture, identity: DraftIdentity, size: ImageSize): Shape | null {
  switch (gesture.state) {
    case "box": return boxFrom(rectOf(gesture.anchor, gesture.current), identity);
    case "rotated": {
      const [a, b] = gesture.points;
      return a && b ? rotatedFrom(a, b, gesture.current, identity) : null;
    }
    case "extreme": return boxFrom(rectAround([...gesture.points, gesture.current]), identity);
    case "path": return pathShape(gesture.kind, [...gesture.points, rounds(gesture.current)], identity);
    case "brush": {
      if (isEmpty(gesture.patch)) return null;
      const mask = encode(gesture.patch, size);
      return gesture.shape?.kind === "mask" ? { ...gesture.shape, mask } : { ...base(identity), kind: "mask", mask };
    }
    default: return null;
  }
}

export function pathShape(kind: "polygon" | "polyline", placed: readonly Position[], identity: DraftIdentity): Shape | null {
  const points = placed.filter((p, index) => index === 0 || p[0] !== placed[index - 1]![0] || p[1] !== placed[index - 1]![1]);
  if (kind === "polyline") return points.length >= 2 ? { ...base(identity), kind, points } : null;
  const ring = points.length > 1 && points[0]![0] === points.at(-1)![0] && points[0]![1] === points.at(-1)![1] ? points.slice(0, -1) : points;
  return ring.length >= 3 ? { ...base(identity), kind, rings: [ring] } : null;
}

export const pointShape = (at: ImagePoint, identity: DraftIdentity): Shape =>
  ({ ...base(identity), kind: "point", point: toPosition(imagePoint(rounded(at.x), rounded(at.y))) });

import type { AnnotationDocument, Shape } from "../contract";
import { sameJson } from "../model/document";
import { boundsOf } from "../geometry/shapes";
import type { ImageRect } from "../geometry/points";

export type Difference =
  | { readonly type: "added"; readonly after: Shape }
  | { readonly type: "removed"; readonly before: Shape }
  | { readonly type: "changed"; readonly before: Shape; readonly after: Shape };

/** What a revision did to each shape; ids tell which is which. */
export function differences(before: AnnotationDocument, after: AnnotationDocument): Difference[] {
  const old = new Map(before.shapes.map((shape) => [shape.id, shape]));
  const result: Difference[] = [];
  for (const shape of after.shapes) {
    const was = old.get(shape.id);
    old.delete(shape.id);
    if (!was) result.push({ type: "added", after: shape });
    else if (!sameJson(was, shape)) result.push({ type: "changed", before: was, after: shape });
  }
  for (const shape of old.values()) result.push({ type: "removed", before: shape });
  return result;
}

/** Intersection over union of the bounds; a point counts as a small square, so that two hands can meet. */
export function overlap(a: Shape, b: Shape): number {
  const one = roomy(a), two = roomy(b);
  const width = Math.min(one.x2, two.x2) - Math.max(one.x1, two.x1), height = Math.min(one.y2, two.y2) - Math.max(one.y1, two.y1);
  if (width <= 0 || height <= 0) return 0;
  const area = (rect: ImageRect): number => (rect.x2 - rect.x1) * (rect.y2 - rect.y1);
  return (width * height) / (area(one) + area(two) - width * height);
}

function roomy(shape: Shape): ImageRect {
  const bounds = boundsOf(shape);
  const half = 6;
  return shape.kind === "point" || shape.kind === "polyline" ? { x1: bounds.x1 - half, y1: bounds.y1 - half, x2: bounds.x2 + half, y2: bounds.y2 + half } : bounds;
}

export interface Opinion { readonly author: string; readonly shape: Shape }

/** The shapes of several people that mean the same thing on the image. */
export interface Finding {
  readonly opinions: readonly Opinion[];
  /** Everyone drew it, with the same class. */
  readonly agreed: boolean;
}

/**
 * Groups shapes for looking at them: pairs by falling overlap, at least 0.5, one shape an author in each group. The figures of
 * agreement come from the hub, which matches optimally.
 */
export function findings(documents: readonly { readonly author: string; readonly document: AnnotationDocument }[], threshold = 0.5): Finding[] {
  const all = documents.flatMap(({ author, document }) => document.shapes.map((shape): Opinion => ({ author, shape })));
  const group = all.map((_, index) => index);
  const members = all.map((_, index) => [index]);
  const pairs: { i: number; j: number; overlap: number }[] = [];
  for (let i = 0; i < all.length; i++) {
    for (let j = i + 1; j < all.length; j++) {
      if (all[i]!.author === all[j]!.author) continue;
      const value = overlap(all[i]!.shape, all[j]!.shape);
      if (value >= threshold) pairs.push({ i, j, overlap: value });
    }
  }
  pairs.sort((a, b) => b.overlap - a.overlap);
  for (const { i, j } of pairs) {
    const a = group[i]!, b = group[j]!;
    if (a === b) continue;
    const authors = new Set(members[a]!.map((index) => all[index]!.author));
    if (members[b]!.some((index) => authors.has(all[index]!.author))) continue;
    for (const index of members[b]!) group[index] = a;
    members[a]!.push(...members[b]!);
    members[b] = [];
  }
  return members.filter((list) => list.length > 0).map((list) => {
    const opinions = list.map((index) => all[index]!);
    return { opinions, agreed: opinions.length === documents.length && new Set(opinions.map((one) => one.shape.label)).size === 1 };
  });
}

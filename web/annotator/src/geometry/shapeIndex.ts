import RBush from "rbush";
import type { Shape } from "../contract";
import { inflate, type ImagePoint, type ImageRect } from "./points";
import { boundsOf, hitDistance } from "./shapes";

interface Entry { readonly minX: number; readonly minY: number; readonly maxX: number; readonly maxY: number; readonly shape: Shape }

/** Which shapes are where. Follows an immutable list: only what changed is moved in the tree. */
export class ShapeIndex {
  #tree = new RBush<Entry>();
  #entries = new Map<string, Entry>();
  #order = new Map<string, number>();
  #list: readonly Shape[] = [];

  update(shapes: readonly Shape[]): void {
    if (shapes === this.#list) return;
    const seen = new Set<string>();
    const added: Entry[] = [];
    this.#order.clear();
    shapes.forEach((shape, order) => {
      seen.add(shape.id);
      this.#order.set(shape.id, order);
      const old = this.#entries.get(shape.id);
      if (old?.shape === shape) return;
      if (old) this.#tree.remove(old);
      const { x1, y1, x2, y2 } = boundsOf(shape);
      const entry = { minX: x1, minY: y1, maxX: x2, maxY: y2, shape };
      this.#entries.set(shape.id, entry);
      added.push(entry);
    });
    for (const [id, entry] of this.#entries) {
      if (seen.has(id)) continue;
      this.#tree.remove(entry);
      this.#entries.delete(id);
    }
    if (added.length > 100) this.#tree.load(added);
    else for (const entry of added) this.#tree.insert(entry);
    this.#list = shapes;
  }

  /** In drawing order. */
  within({ x1, y1, x2, y2 }: ImageRect): Shape[] {
    return this.#tree.search({ minX: x1, minY: y1, maxX: x2, maxY: y2 })
      .sort((a, b) => this.#order.get(a.shape.id)! - this.#order.get(b.shape.id)!)
      .map((entry) => entry.shape);
  }

  /** The shape a click means: the nearest; among those the point is inside of, the smallest, so that small ones stay reachable. */
  at(point: ImagePoint, tolerance: number, accept: (shape: Shape) => boolean): Shape | null {
    let best: Shape | null = null, bestDistance = Infinity, bestArea = Infinity;
    for (const shape of this.within(inflate({ x1: point.x, y1: point.y, x2: point.x, y2: point.y }, tolerance))) {
      if (!accept(shape)) continue;
      const distance = hitDistance(shape, point, tolerance);
      if (distance === Infinity) continue;
      const { x1, y1, x2, y2 } = boundsOf(shape);
      const area = (x2 - x1) * (y2 - y1);
      if (area < bestArea || (area === bestArea && distance <= bestDistance)) [best, bestDistance, bestArea] = [shape, distance, area];
    }
    return best;
  }
}

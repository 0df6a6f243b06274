import { intersects, type ImageRect } from "../geometry/points";
import type { ViewSize } from "../geometry/viewport";
import type { Paint, Placement } from "./surface";

/** Device pixels. Larger ones cost more when they come into sight or the scale changes, smaller ones more when they are moved. */
const side = 256;
/** What may be spent in a frame on tiles that are not in sight yet, ms. */
const aheadBudget = 3;

interface Tile { readonly x: number; readonly y: number; canvas: HTMLCanvasElement | null; fresh: boolean }

/**
 * One layer, cut into tiles that stand still on the image: panning moves them and paints nothing, and a change paints the tiles it touches.
 * What is about to come into sight is painted ahead, a little each frame.
 */
export class TiledSurface {
  readonly element = document.createElement("div");
  readonly #content = document.createElement("div");
  readonly #tiles = new Map<string, Tile>();
  readonly #spare: HTMLCanvasElement[] = [];
  #size: ViewSize = { width: 0, height: 0 };
  #scale = 0;
  #ratio = 0;

  constructor(name: string) {
    this.element.className = `layer layer-${name}`;
    this.element.setAttribute("aria-hidden", "true");
    this.#content.className = "layer-content";
    this.element.append(this.#content);
  }

  resize(size: ViewSize): void {
    this.#size = size;
    this.element.style.width = `${size.width}px`;
    this.element.style.height = `${size.height}px`;
  }

  /** Everything is painted anew, or the tiles that the given parts of the image touch. */
  invalidate(parts?: readonly ImageRect[]): void {
    for (const tile of this.#tiles.values()) {
      if (!tile.fresh) continue;
      const own = this.#partOf(tile);
      if (!parts || parts.some((part) => intersects(own, part))) tile.fresh = false;
    }
  }

  /**
   * Moves what there is and paints what is missing in sight.
   * @param isBlank Whether nothing would be painted there: such a tile has no canvas at all.
   * @returns whether tiles next to the view are still to be painted.
   */
  paint({ viewport, ratio }: Placement, paint: Paint, isBlank: (part: ImageRect) => boolean): boolean {
    if (viewport.scale !== this.#scale || ratio !== this.#ratio) {
      [this.#scale, this.#ratio] = [viewport.scale, ratio];
      for (const tile of this.#tiles.values()) tile.fresh = false;
    }
    this.#content.style.transform = `translate(${viewport.offsetX}px, ${viewport.offsetY}px)`;
    const step = side / ratio;
    const x1 = Math.floor(-viewport.offsetX / step), x2 = Math.floor((this.#size.width - viewport.offsetX - 1e-6) / step);
    const y1 = Math.floor(-viewport.offsetY / step), y2 = Math.floor((this.#size.height - viewport.offsetY - 1e-6) / step);
    this.#dropBeyond(x1 - 2, x2 + 2, y1 - 2, y2 + 2);
    for (let y = y1; y <= y2; y++) for (let x = x1; x <= x2; x++) this.#make(x, y, paint, isBlank);
    const until = performance.now() + aheadBudget;
    for (let y = y1 - 1; y <= y2 + 1; y++) {
      for (let x = x1 - 1; x <= x2 + 1; x++) {
        if (this.#tiles.get(`${x}/${y}`)?.fresh) continue;
        if (performance.now() > until) return true;
        this.#make(x, y, paint, isBlank);
      }
    }
    return false;
  }

  #make(x: number, y: number, paint: Paint, isBlank: (part: ImageRect) => boolean): void {
    const key = `${x}/${y}`;
    let tile = this.#tiles.get(key);
    if (tile?.fresh) return;
    if (!tile) this.#tiles.set(key, (tile = { x, y, canvas: null, fresh: false }));
    tile.fresh = true;
    const part = this.#partOf(tile);
    if (isBlank(part)) return this.#release(tile);
    const canvas = (tile.canvas ??= this.#canvasAt(x, y));
    const context = canvas.getContext("2d")!, step = side / this.#ratio;
    context.save();
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, side, side);
    context.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    paint(context, part, { ratio: this.#ratio, viewport: { scale: this.#scale, offsetX: -x * step, offsetY: -y * step } });
    context.restore();
  }

  #partOf({ x, y }: Tile): ImageRect {
    const unit = side / (this.#ratio * this.#scale);
    return { x1: x * unit, y1: y * unit, x2: (x + 1) * unit, y2: (y + 1) * unit };
  }

  #canvasAt(x: number, y: number): HTMLCanvasElement {
    let canvas = this.#spare.pop();
    if (!canvas) {
      canvas = document.createElement("canvas");
      canvas.width = canvas.height = side;
    }
    const step = side / this.#ratio;
    Object.assign(canvas.style, { left: `${x * step}px`, top: `${y * step}px`, width: `${step}px`, height: `${step}px` });
    this.#content.append(canvas);
    return canvas;
  }

  #release(tile: Tile): void {
    if (!tile.canvas) return;
    tile.canvas.remove();
    if (this.#spare.length < 24) this.#spare.push(tile.canvas);
    tile.canvas = null;
  }

  #dropBeyond(x1: number, x2: number, y1: number, y2: number): void {
    for (const [key, tile] of this.#tiles) {
      if (tile.x >= x1 && tile.x <= x2 && tile.y >= y1 && tile.y <= y2) continue;
      this.#release(tile);
      this.#tiles.delete(key);
    }
  }
}

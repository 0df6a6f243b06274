import type { ImageRect } from "../geometry/points";
import { visibleRect, type Viewport, type ViewSize } from "../geometry/viewport";

/** A viewport whose offset falls on whole device pixels, so that a layer can be moved without blurring. */
export interface Placement { readonly viewport: Viewport; readonly ratio: number }

export function snapped(viewport: Viewport, ratio: number): Placement {
  return { ratio, viewport: { scale: viewport.scale, offsetX: Math.round(viewport.offsetX * ratio) / ratio, offsetY: Math.round(viewport.offsetY * ratio) / ratio } };
}

export type Paint = (context: CanvasRenderingContext2D, part: ImageRect, placement: Placement) => void;

/** One canvas over the whole view, painted anew each time: for what changes with every frame anyway. */
export class Surface {
  readonly canvas = document.createElement("canvas");
  readonly #context: CanvasRenderingContext2D;
  #size: ViewSize = { width: 0, height: 0 };

  constructor(name: string) {
    this.canvas.className = `layer layer-${name}`;
    this.canvas.setAttribute("aria-hidden", "true");
    this.#context = this.canvas.getContext("2d")!;
  }

  resize(size: ViewSize, ratio: number): void {
    this.#size = size;
    const width = Math.max(1, Math.round(size.width * ratio)), height = Math.max(1, Math.round(size.height * ratio));
    this.canvas.style.width = `${size.width}px`;
    this.canvas.style.height = `${size.height}px`;
    if (this.canvas.width === width && this.canvas.height === height) return;
    this.canvas.width = width;
    this.canvas.height = height;
  }

  paint(placement: Placement, paint: Paint): void {
    const context = this.#context;
    context.save();
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    context.setTransform(placement.ratio, 0, 0, placement.ratio, 0, 0);
    paint(context, visibleRect(placement.viewport, this.#size), placement);
    context.restore();
  }
}

import type { ImageRect } from "../geometry/points";
import { visibleRect, type Viewport, type ViewSize } from "../geometry/viewport";

/** A viewport whose offset falls on whole device pixels, so that a layer can be shifted without blurring. */
export interface Placement { readonly viewport: Viewport; readonly ratio: number }

export function snapped(viewport: Viewport, ratio: number): Placement {
  return { ratio, viewport: { scale: viewport.scale, offsetX: Math.round(viewport.offsetX * ratio) / ratio, offsetY: Math.round(viewport.offsetY * ratio) / ratio } };
}

type Paint = (context: CanvasRenderingContext2D, part: ImageRect) => void;

/** One canvas layer. While only panned, it shifts what is there and paints the strips that came into sight. */
export class Surface {
  readonly canvas = document.createElement("canvas");
  readonly #context: CanvasRenderingContext2D;
  #painted: Placement | null = null;
  #size: ViewSize = { width: 0, height: 0 };

  constructor(name: string) {
    this.canvas.className = `layer layer-${name}`;
    this.canvas.setAttribute("aria-hidden", "true");
    this.#context = this.canvas.getContext("2d")!;
  }

  resize(size: ViewSize, ratio: number): void {
    this.#size = size;
    const width = Math.max(1, Math.round(size.width * ratio)), height = Math.max(1, Math.round(size.height * ratio));
    if (this.canvas.width === width && this.canvas.height === height) return;
    this.canvas.width = width;
    this.canvas.height = height;
    this.#painted = null;
  }

  invalidate(): void {
    this.#painted = null;
  }

  paint(placement: Placement, paint: Paint, shiftable = true): void {
    const { width, height } = this.canvas;
    const old = this.#painted;
    this.#painted = placement;
    if (!old || !shiftable || old.ratio !== placement.ratio || old.viewport.scale !== placement.viewport.scale) return this.#part(placement, 0, 0, width, height, paint);
    const dx = Math.round((placement.viewport.offsetX - old.viewport.offsetX) * placement.ratio);
    const dy = Math.round((placement.viewport.offsetY - old.viewport.offsetY) * placement.ratio);
    if (dx === 0 && dy === 0) return;
    if (Math.abs(dx) >= width * 0.6 || Math.abs(dy) >= height * 0.6) return this.#part(placement, 0, 0, width, height, paint);
    const context = this.#context;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.globalCompositeOperation = "copy";
    context.drawImage(this.canvas, dx, dy);
    context.globalCompositeOperation = "source-over";
    if (dy !== 0) this.#part(placement, 0, dy > 0 ? 0 : height + dy, width, Math.abs(dy), paint);
    if (dx !== 0) this.#part(placement, dx > 0 ? 0 : width + dx, 0, Math.abs(dx), height, paint);
  }

  /** Device pixels. */
  #part(placement: Placement, x: number, y: number, width: number, height: number, paint: Paint): void {
    const { viewport, ratio } = placement;
    const context = this.#context;
    context.save();
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.beginPath();
    context.rect(x, y, width, height);
    context.clip();
    context.clearRect(x, y, width, height);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const whole = visibleRect(viewport, this.#size);
    const unit = 1 / (viewport.scale * ratio);
    paint(context, { x1: whole.x1 + x * unit, y1: whole.y1 + y * unit, x2: whole.x1 + (x + width) * unit, y2: whole.y1 + (y + height) * unit });
    context.restore();
  }
}

import { imagePoint, type ImagePoint } from "../geometry/points";
import { fit, visibleRect } from "../geometry/viewport";
import type { Session } from "../tools/session";
import type { TileCache } from "./tileCache";

const longSide = 168;

/** Shown when the image is zoomed to more than twice the size at which it fits. */
export class Minimap {
  readonly canvas = document.createElement("canvas");
  readonly #picture = new OffscreenCanvas(1, 1);
  #picturesOf: TileCache | null = null;
  #scale = 1;

  constructor() {
    this.canvas.className = "minimap";
    this.canvas.setAttribute("aria-hidden", "true");
  }

  paint(session: Session, tiles: TileCache | null, ratio: number, anew: boolean): void {
    const shown = session.viewport.scale > 2 * fit(session.size, session.viewSize).scale;
    this.canvas.hidden = !shown;
    if (!shown || !tiles) return;
    const { width, height } = session.size;
    this.#scale = Math.min(longSide, session.viewSize.width * 0.3) / Math.max(width, height);
    const w = Math.max(1, Math.round(width * this.#scale)), h = Math.max(1, Math.round(height * this.#scale));
    const changed = this.canvas.width !== Math.round(w * ratio) || this.canvas.height !== Math.round(h * ratio);
    if (changed) {
      Object.assign(this.canvas.style, { width: `${w}px`, height: `${h}px` });
      Object.assign(this.canvas, { width: Math.round(w * ratio), height: Math.round(h * ratio) });
    }
    if (changed || anew || this.#picturesOf !== tiles) this.#paintPicture(tiles, ratio);
    const context = this.canvas.getContext("2d")!;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    context.drawImage(this.#picture, 0, 0);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const seen = visibleRect(session.viewport, session.viewSize);
    const x1 = Math.max(0, seen.x1) * this.#scale, y1 = Math.max(0, seen.y1) * this.#scale;
    const x2 = Math.min(width, seen.x2) * this.#scale, y2 = Math.min(height, seen.y2) * this.#scale;
    context.lineWidth = 3;
    context.strokeStyle = "#000000";
    context.strokeRect(x1, y1, x2 - x1, y2 - y1);
    context.lineWidth = 1.5;
    context.strokeStyle = "#ffffff";
    context.strokeRect(x1, y1, x2 - x1, y2 - y1);
  }

  /** Kept, because only the frame over it moves while panning. */
  #paintPicture(tiles: TileCache, ratio: number): void {
    this.#picturesOf = tiles;
    Object.assign(this.#picture, { width: this.canvas.width, height: this.canvas.height });
    const context = this.#picture.getContext("2d")!;
    context.scale(ratio * this.#scale, ratio * this.#scale);
    const { width, height, tileSize, levels } = tiles.pyramid;
    const level = levels - 1, unit = 2 ** level, span = tileSize * unit;
    for (let y = 0; y * span < height; y++) {
      for (let x = 0; x * span < width; x++) {
        const picture = tiles.get({ level, x, y });
        if (picture) context.drawImage(picture, x * span, y * span, picture.width * unit, picture.height * unit);
      }
    }
  }

  /** Where on the image a click on the map falls; CSS pixels from its corner. */
  pointAt(x: number, y: number): ImagePoint {
    return imagePoint(x / this.#scale, y / this.#scale);
  }
}

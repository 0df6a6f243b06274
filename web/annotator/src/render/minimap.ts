import { imagePoint, type ImagePoint } from "../geometry/points";
import { fit, visibleRect } from "../geometry/viewport";
import type { Session } from "../tools/session";
import type { TileCache } from "./tileCache";

const longSide = 168;

/** Shown when the image is zoomed to more than twice the size at which it fits. */
export class Minimap {
  readonly canvas = document.createElement("canvas");
  #scale = 1;

  constructor() {
    this.canvas.className = "minimap";
    this.canvas.setAttribute("aria-hidden", "true");
  }

  paint(session: Session, tiles: TileCache | null, ratio: number): void {
    const shown = session.viewport.scale > 2 * fit(session.size, session.viewSize).scale;
    this.canvas.hidden = !shown;
    if (!shown || !tiles) return;
    const { width, height } = session.size;
    this.#scale = Math.min(longSide, session.viewSize.width * 0.3) / Math.max(width, height);
    const w = Math.max(1, Math.round(width * this.#scale)), h = Math.max(1, Math.round(height * this.#scale));
    this.canvas.style.width = `${w}px`;
    this.canvas.style.height = `${h}px`;
    this.canvas.width = Math.round(w * ratio);
    this.canvas.height = Math.round(h * ratio);
    const context = this.canvas.getContext("2d")!;
    context.scale(ratio, ratio);
    const { pyramid } = tiles;
    const level = pyramid.levels - 1, span = pyramid.tileSize * 2 ** level;
    for (let y = 0; y * span < height; y++) {
      for (let x = 0; x * span < width; x++) {
        const picture = tiles.get({ level, x, y });
        if (picture) context.drawImage(picture, x * span * this.#scale, y * span * this.#scale, picture.width * 2 ** level * this.#scale, picture.height * 2 ** level * this.#scale);
      }
    }
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

  /** Where on the image a click on the map falls; CSS pixels from its corner. */
  pointAt(x: number, y: number): ImagePoint {
    return imagePoint(x / this.#scale, y / this.#scale);
  }
}

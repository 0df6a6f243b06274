import type { MaskShape, Position, Shape } from "../contract";
import { patchOf, type MaskPatch } from "../geometry/mask";
import { cornersOf } from "../geometry/shapes";
import type { Viewport } from "../geometry/viewport";

/** Adds the outline of a shape to the current path, in view pixels. Masks have none; see drawMask. */
export function trace(context: CanvasRenderingContext2D | Path2D, shape: Shape, { scale, offsetX, offsetY }: Viewport): void {
  switch (shape.kind) {
    case "box": {
      const [x, y, width, height] = shape.box;
      return context.rect(x * scale + offsetX, y * scale + offsetY, width * scale, height * scale);
    }
    case "rotatedBox": return line(cornersOf(shape).map((p) => [p.x, p.y]), true);
    case "polygon":
      for (const ring of shape.rings) line(ring, true);
      return;
    case "polyline": return line(shape.points, false);
    case "point": {
      const x = shape.point[0] * scale + offsetX, y = shape.point[1] * scale + offsetY;
      context.moveTo(x + 5, y);
      context.arc(x, y, 5, 0, 2 * Math.PI);
      context.moveTo(x - 9, y);
      context.lineTo(x + 9, y);
      context.moveTo(x, y - 9);
      context.lineTo(x, y + 9);
      return;
    }
    case "mask": return;
  }

  function line(points: readonly Position[], closed: boolean): void {
    points.forEach(([x, y], index) => (index === 0 ? context.moveTo(x * scale + offsetX, y * scale + offsetY) : context.lineTo(x * scale + offsetX, y * scale + offsetY)));
    if (closed) context.closePath();
  }
}

export const isClosed = (shape: Shape): boolean => shape.kind === "box" || shape.kind === "rotatedBox" || shape.kind === "polygon";

const tinted = new WeakMap<MaskPatch, Map<string, OffscreenCanvas>>();

export const drawMask = (context: CanvasRenderingContext2D, mask: MaskShape["mask"], color: string, viewport: Viewport): void =>
  drawPatch(context, patchOf(mask), color, viewport);

/** The foreground tinted, its rim opaque, so that it is seen on any ground. */
export function drawPatch(context: CanvasRenderingContext2D, patch: MaskPatch, color: string, { scale, offsetX, offsetY }: Viewport, cached = true): void {
  if (patch.width === 0) return;
  let byColor = tinted.get(patch);
  if (!byColor) tinted.set(patch, (byColor = new Map()));
  let picture = cached ? byColor.get(color) : undefined;
  if (!picture) byColor.set(color, (picture = tint(patch, color)));
  const smooth = context.imageSmoothingEnabled;
  context.imageSmoothingEnabled = false;
  context.drawImage(picture, patch.x * scale + offsetX, patch.y * scale + offsetY, patch.width * scale, patch.height * scale);
  context.imageSmoothingEnabled = smooth;
}

function tint({ width, height, data }: MaskPatch, color: string): OffscreenCanvas {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d")!;
  const pixels = context.createImageData(width, height);
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
  const at = (x: number, y: number): boolean => x >= 0 && y >= 0 && x < width && y < height && data[y * width + x] === 1;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (!at(x, y)) continue;
      const rim = !at(x - 1, y) || !at(x + 1, y) || !at(x, y - 1) || !at(x, y + 1);
      pixels.data.set([r!, g!, b!, rim ? 255 : 110], (y * width + x) * 4);
    }
  }
  context.putImageData(pixels, 0, 0);
  return canvas;
}

import { imagePoint, viewPoint, type ImagePoint, type ImageRect, type ImageSize, type ViewPoint } from "./points";

/** view = image × scale + offset. `scale` is CSS pixels an image pixel. */
export interface Viewport {
  readonly scale: number;
  readonly offsetX: number;
  readonly offsetY: number;
}

export interface ViewSize { readonly width: number; readonly height: number }

export const minimumScale = 0.005;
export const maximumScale = 64;

export const toView = (v: Viewport, p: ImagePoint): ViewPoint => viewPoint(p.x * v.scale + v.offsetX, p.y * v.scale + v.offsetY);
export const toImage = (v: Viewport, p: ViewPoint): ImagePoint => imagePoint((p.x - v.offsetX) / v.scale, (p.y - v.offsetY) / v.scale);

export const panBy = (v: Viewport, dx: number, dy: number): Viewport => ({ ...v, offsetX: v.offsetX + dx, offsetY: v.offsetY + dy });

/** Zooms so that the image point under `anchor` stays under it. */
export function zoomAt(v: Viewport, anchor: ViewPoint, factor: number): Viewport {
  const scale = Math.min(maximumScale, Math.max(minimumScale, v.scale * factor));
  const image = toImage(v, anchor);
  return { scale, offsetX: anchor.x - image.x * scale, offsetY: anchor.y - image.y * scale };
}

export function fit(image: ImageSize, view: ViewSize, margin = 16): Viewport {
  const room = { width: Math.max(1, view.width - 2 * margin), height: Math.max(1, view.height - 2 * margin) };
  const scale = Math.min(maximumScale, Math.max(minimumScale, Math.min(room.width / image.width, room.height / image.height)));
  return { scale, offsetX: (view.width - image.width * scale) / 2, offsetY: (view.height - image.height * scale) / 2 };
}

export const visibleRect = (v: Viewport, view: ViewSize): ImageRect => {
  const a = toImage(v, viewPoint(0, 0)), b = toImage(v, viewPoint(view.width, view.height));
  return { x1: a.x, y1: a.y, x2: b.x, y2: b.y };
};

/** Keeps at least a part of the image in sight, so that nobody loses it. */
export function keepInSight(v: Viewport, image: ImageSize, view: ViewSize): Viewport {
  const keep = 48;
  const clamp = (offset: number, extent: number, room: number): number => Math.min(room - keep, Math.max(keep - extent, offset));
  return {
    scale: v.scale,
    offsetX: clamp(v.offsetX, image.width * v.scale, view.width),
    offsetY: clamp(v.offsetY, image.height * v.scale, view.height),
  };
}

/** Moves as little as needed so that the rectangle is in sight; zooms out only if it does not fit. */
export function reveal(v: Viewport, rect: ImageRect, view: ViewSize, margin = 40): Viewport {
  const width = (rect.x2 - rect.x1) * v.scale, height = (rect.y2 - rect.y1) * v.scale;
  const shrink = Math.min(1, (view.width - 2 * margin) / Math.max(1, width), (view.height - 2 * margin) / Math.max(1, height));
  const zoomed = shrink < 1 ? zoomAt(v, viewPoint(view.width / 2, view.height / 2), Math.max(0.01, shrink)) : v;
  const a = toView(zoomed, imagePoint(rect.x1, rect.y1)), b = toView(zoomed, imagePoint(rect.x2, rect.y2));
  const shift = (low: number, high: number, room: number): number =>
    low < margin ? margin - low : high > room - margin ? room - margin - high : 0;
  return panBy(zoomed, shift(a.x, b.x, view.width), shift(a.y, b.y, view.height));
}

import type { Position } from "../contract";

declare const space: unique symbol;

/** Upright image pixels. */
export interface ImagePoint { readonly x: number; readonly y: number; readonly [space]: "image" }

/** CSS pixels from the canvas's upper-left corner. Never mixed with ImagePoint. */
export interface ViewPoint { readonly x: number; readonly y: number; readonly [space]: "view" }

export const imagePoint = (x: number, y: number): ImagePoint => ({ x, y }) as ImagePoint;
export const viewPoint = (x: number, y: number): ViewPoint => ({ x, y }) as ViewPoint;
export const fromPosition = ([x, y]: Position): ImagePoint => imagePoint(x, y);
export const toPosition = (point: ImagePoint): Position => [point.x, point.y];

/** Image pixels; x2 >= x1, y2 >= y1. */
export interface ImageRect { readonly x1: number; readonly y1: number; readonly x2: number; readonly y2: number }

export interface ImageSize { readonly width: number; readonly height: number }

export const rectOf = (a: ImagePoint, b: ImagePoint): ImageRect => ({
  x1: Math.min(a.x, b.x), y1: Math.min(a.y, b.y), x2: Math.max(a.x, b.x), y2: Math.max(a.y, b.y),
});

export function rectAround(points: Iterable<ImagePoint>): ImageRect {
  let x1 = Infinity, y1 = Infinity, x2 = -Infinity, y2 = -Infinity;
  for (const { x, y } of points) {
    if (x < x1) x1 = x;
    if (x > x2) x2 = x;
    if (y < y1) y1 = y;
    if (y > y2) y2 = y;
  }
  return { x1, y1, x2, y2 };
}

export const intersects = (a: ImageRect, b: ImageRect): boolean => a.x1 <= b.x2 && b.x1 <= a.x2 && a.y1 <= b.y2 && b.y1 <= a.y2;
export const contains = (rect: ImageRect, { x, y }: ImagePoint): boolean => x >= rect.x1 && x <= rect.x2 && y >= rect.y1 && y <= rect.y2;
export const inflate = (rect: ImageRect, by: number): ImageRect => ({ x1: rect.x1 - by, y1: rect.y1 - by, x2: rect.x2 + by, y2: rect.y2 + by });
export const clampTo = (size: ImageSize, { x, y }: ImagePoint): ImagePoint => imagePoint(Math.min(Math.max(x, 0), size.width), Math.min(Math.max(y, 0), size.height));
export const distance = (a: ImagePoint, b: ImagePoint): number => Math.hypot(a.x - b.x, a.y - b.y);

/** Turns about `centre`, degrees clockwise on the screen (y points down). */
export function rotate({ x, y }: ImagePoint, centre: ImagePoint, degrees: number): ImagePoint {
  const radians = (degrees * Math.PI) / 180;
  const cos = Math.cos(radians), sin = Math.sin(radians);
  return imagePoint(centre.x + (x - centre.x) * cos - (y - centre.y) * sin, centre.y + (x - centre.x) * sin + (y - centre.y) * cos);
}

/** A thousandth of a pixel is finer than any hand and keeps documents short. */
export const rounded = (value: number): number => Math.round(value * 1000) / 1000;

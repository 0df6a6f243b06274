import type { MaskShape } from "../contract";
import type { ImagePoint, ImageRect, ImageSize } from "./points";
import { compressRuns, expandRuns } from "./rle";

/** The part of a mask that is not empty; row-major, 1 = foreground. Cropped, because a 16k × 16k image would need 256 MB. */
export interface MaskPatch {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

export const emptyPatch: MaskPatch = { x: 0, y: 0, width: 0, height: 0, data: new Uint8Array(0) };

const decoded = new WeakMap<object, MaskPatch>();

/** Decoded once for each mask object; documents are immutable, so that is safe. */
export function patchOf(mask: MaskShape["mask"]): MaskPatch {
  let patch = decoded.get(mask);
  if (!patch) decoded.set(mask, (patch = decode(mask)));
  return patch;
}

function decode({ size: [height, width], counts }: MaskShape["mask"]): MaskPatch {
  const runs = expandRuns(counts);
  let x1 = width, y1 = height, x2 = -1, y2 = -1;
  eachForegroundSpan(runs, height, (x, from, to) => {
    if (x < x1) x1 = x;
    if (x > x2) x2 = x;
    if (from < y1) y1 = from;
    if (to > y2) y2 = to;
  });
  if (x2 < 0 || x2 >= width) return emptyPatch;
  const patch = { x: x1, y: y1, width: x2 - x1 + 1, height: y2 - y1, data: new Uint8Array((x2 - x1 + 1) * (y2 - y1)) };
  eachForegroundSpan(runs, height, (x, from, to) => {
    for (let y = from; y < to; y++) patch.data[(y - y1) * patch.width + x - x1] = 1;
  });
  return patch;
}

function eachForegroundSpan(runs: readonly number[], height: number, visit: (x: number, from: number, to: number) => void): void {
  let at = 0;
  for (let i = 0; i < runs.length; i++) {
    const end = at + runs[i]!;
    if (i % 2 === 1) {
      for (let start = at; start < end;) {
        const x = Math.floor(start / height);
        const stop = Math.min(end, (x + 1) * height);
        visit(x, start - x * height, stop - x * height);
        start = stop;
      }
    }
    at = end;
  }
}

export function encode(patch: MaskPatch, size: ImageSize): MaskShape["mask"] {
  const runs: number[] = [];
  let value = 0, run = 0;
  const push = (next: number, length: number): void => {
    if (length === 0) return;
    if (next !== value) {
      runs.push(run);
      value = next;
      run = 0;
    }
    run += length;
  };
  push(0, patch.x * size.height);
  for (let x = 0; x < patch.width; x++) {
    push(0, patch.y);
    for (let y = 0; y < patch.height; y++) push(patch.data[y * patch.width + x]!, 1);
    push(0, size.height - patch.y - patch.height);
  }
  push(0, (size.width - patch.x - patch.width) * size.height);
  runs.push(run);
  const mask = { size: [size.height, size.width] as const, counts: compressRuns(runs) };
  return mask;
}

/** The patch with the rectangle inside it; pixels outside the image are never made. */
export function grow(patch: MaskPatch, rect: ImageRect, size: ImageSize): MaskPatch {
  // In steps, so that a long stroke does not copy the whole patch at every move.
  const step = 128;
  const x1 = Math.max(0, Math.floor(rect.x1 / step) * step), y1 = Math.max(0, Math.floor(rect.y1 / step) * step);
  const x2 = Math.min(size.width, Math.ceil(rect.x2 / step) * step), y2 = Math.min(size.height, Math.ceil(rect.y2 / step) * step);
  if (x2 <= x1 || y2 <= y1) return patch;
  const empty = patch.width === 0;
  if (!empty && x1 >= patch.x && y1 >= patch.y && x2 <= patch.x + patch.width && y2 <= patch.y + patch.height) return patch;
  const x = empty ? x1 : Math.min(x1, patch.x), y = empty ? y1 : Math.min(y1, patch.y);
  const right = empty ? x2 : Math.max(x2, patch.x + patch.width), bottom = empty ? y2 : Math.max(y2, patch.y + patch.height);
  const grown = { x, y, width: right - x, height: bottom - y, data: new Uint8Array((right - x) * (bottom - y)) };
  for (let row = 0; row < patch.height; row++) {
    grown.data.set(patch.data.subarray(row * patch.width, (row + 1) * patch.width), (row + patch.y - y) * grown.width + patch.x - x);
  }
  return grown;
}

/** Paints (or erases) a round stroke from `a` to `b`, radius in image pixels. Changes a patch made by this function's caller. */
export function stroke(patch: MaskPatch, a: ImagePoint, b: ImagePoint, radius: number, value: 0 | 1, size: ImageSize): MaskPatch {
  const rect = { x1: Math.min(a.x, b.x) - radius, y1: Math.min(a.y, b.y) - radius, x2: Math.max(a.x, b.x) + radius, y2: Math.max(a.y, b.y) + radius };
  const into = value === 1 ? grow(patch, rect, size) : patch;
  const dx = b.x - a.x, dy = b.y - a.y, length = dx * dx + dy * dy, reach = radius * radius;
  const fromX = Math.max(into.x, Math.floor(rect.x1)), toX = Math.min(into.x + into.width, Math.ceil(rect.x2));
  const fromY = Math.max(into.y, Math.floor(rect.y1)), toY = Math.min(into.y + into.height, Math.ceil(rect.y2));
  for (let y = fromY; y < toY; y++) {
    for (let x = fromX; x < toX; x++) {
      const px = x + 0.5 - a.x, py = y + 0.5 - a.y;
      const t = length === 0 ? 0 : Math.min(1, Math.max(0, (px * dx + py * dy) / length));
      const ex = px - t * dx, ey = py - t * dy;
      if (ex * ex + ey * ey <= reach) into.data[(y - into.y) * into.width + x - into.x] = value;
    }
  }
  return into;
}

export const clonePatch = (patch: MaskPatch): MaskPatch => ({ ...patch, data: patch.data.slice() });

export const isEmpty = (patch: MaskPatch): boolean => !patch.data.includes(1);

export const covers = (patch: MaskPatch, { x, y }: ImagePoint): boolean => {
  const column = Math.floor(x) - patch.x, row = Math.floor(y) - patch.y;
  return column >= 0 && row >= 0 && column < patch.width && row < patch.height && patch.data[row * patch.width + column] === 1;
};

/** Moved by whole pixels; what leaves the image is cut off. */
export function shift(patch: MaskPatch, dx: number, dy: number, size: ImageSize): MaskPatch {
  const x = patch.x + Math.round(dx), y = patch.y + Math.round(dy);
  const x1 = Math.max(0, x), y1 = Math.max(0, y), x2 = Math.min(size.width, x + patch.width), y2 = Math.min(size.height, y + patch.height);
  if (x2 <= x1 || y2 <= y1) return emptyPatch;
  const moved = { x: x1, y: y1, width: x2 - x1, height: y2 - y1, data: new Uint8Array((x2 - x1) * (y2 - y1)) };
  for (let row = 0; row < moved.height; row++) {
    const from = (row + y1 - y) * patch.width + x1 - x;
    moved.data.set(patch.data.subarray(from, from + moved.width), row * moved.width);
  }
  return moved;
}

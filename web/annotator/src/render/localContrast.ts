import type { Pyramid } from "./pyramid";
import { levelSize } from "./pyramid";

/**
 * Contrast-limited adaptive histogram equalisation (Zuiderveld 1994). The histograms come from a coarse level of the
 * whole image, so that every tile of every level is mapped alike and no seams show.
 */
export interface ContrastMap {
  readonly columns: number;
  readonly rows: number;
  /** One 256-entry table a cell, row by row. */
  readonly tables: readonly Uint8Array[];
}

const cells = 8;
/** A bin may hold this many times the average; more is spread over all bins. */
const clipLimit = 2.5;

export async function contrastMapOf(pyramid: Pyramid): Promise<ContrastMap> {
  let level = pyramid.levels - 1;
  while (level > 0 && Math.max(levelSize(pyramid.width, level), levelSize(pyramid.height, level)) < 512) level--;
  const width = levelSize(pyramid.width, level), height = levelSize(pyramid.height, level);
  const scale = Math.min(1, 1024 / Math.max(width, height));
  const canvas = new OffscreenCanvas(Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale)));
  const context = canvas.getContext("2d", { willReadFrequently: true })!;
  context.scale(scale, scale);
  for (let y = 0; y * pyramid.tileSize < height; y++) {
    for (let x = 0; x * pyramid.tileSize < width; x++) context.drawImage(await pyramid.load(level, x, y), x * pyramid.tileSize, y * pyramid.tileSize);
  }
  return mapFromPixels(context.getImageData(0, 0, canvas.width, canvas.height));
}

export function mapFromPixels({ width, height, data }: Pick<ImageData, "width" | "height" | "data">): ContrastMap {
  const columns = Math.min(cells, width), rows = Math.min(cells, height);
  const tables: Uint8Array[] = [];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const histogram = new Float64Array(256);
      const x1 = Math.floor((column * width) / columns), x2 = Math.floor(((column + 1) * width) / columns);
      const y1 = Math.floor((row * height) / rows), y2 = Math.floor(((row + 1) * height) / rows);
      for (let y = y1; y < y2; y++) for (let x = x1; x < x2; x++) histogram[luminance(data, (y * width + x) * 4)]!++;
      tables.push(tableOf(histogram, (x2 - x1) * (y2 - y1)));
    }
  }
  return { columns, rows, tables };
}

const luminance = (data: Uint8ClampedArray, at: number): number => (data[at]! * 54 + data[at + 1]! * 183 + data[at + 2]! * 19) >> 8;

function tableOf(histogram: Float64Array, count: number): Uint8Array {
  const limit = Math.max(1, (clipLimit * count) / 256);
  let excess = 0;
  for (let bin = 0; bin < 256; bin++) {
    const over = histogram[bin]! - limit;
    if (over <= 0) continue;
    excess += over;
    histogram[bin] = limit;
  }
  const table = new Uint8Array(256);
  let sum = 0;
  for (let bin = 0; bin < 256; bin++) {
    sum += histogram[bin]! + excess / 256;
    table[bin] = Math.min(255, Math.round((sum / Math.max(1, count)) * 255));
  }
  return table;
}

export function applyLocalContrast(bitmap: ImageBitmap, tile: { level: number; x: number; y: number }, pyramid: Pyramid, map: ContrastMap): OffscreenCanvas {
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext("2d", { willReadFrequently: true })!;
  context.drawImage(bitmap, 0, 0);
  const pixels = context.getImageData(0, 0, bitmap.width, bitmap.height);
  const place = { x: tile.x * pyramid.tileSize, y: tile.y * pyramid.tileSize, width: levelSize(pyramid.width, tile.level), height: levelSize(pyramid.height, tile.level) };
  mapPixels(pixels, place, map);
  context.putImageData(pixels, 0, 0);
  return canvas;
}

/** `place`: where the pixels lie in a whole of that width and height. */
export function mapPixels(pixels: Pick<ImageData, "width" | "height" | "data">, place: { x: number; y: number; width: number; height: number }, map: ContrastMap): void {
  const { width, height, data } = pixels;
  for (let y = 0; y < height; y++) {
    const v = ((y + place.y + 0.5) / place.height) * map.rows - 0.5;
    const top = Math.max(0, Math.min(map.rows - 1, Math.floor(v))), bottom = Math.min(map.rows - 1, top + 1), fv = Math.min(1, Math.max(0, v - top));
    for (let x = 0; x < width; x++) {
      const u = ((x + place.x + 0.5) / place.width) * map.columns - 0.5;
      const left = Math.max(0, Math.min(map.columns - 1, Math.floor(u))), right = Math.min(map.columns - 1, left + 1), fu = Math.min(1, Math.max(0, u - left));
      const at = (y * width + x) * 4;
      const l = luminance(data, at);
      const upper = map.tables[top * map.columns + left]![l]! * (1 - fu) + map.tables[top * map.columns + right]![l]! * fu;
      const lower = map.tables[bottom * map.columns + left]![l]! * (1 - fu) + map.tables[bottom * map.columns + right]![l]! * fu;
      const gain = l === 0 ? 1 : (upper * (1 - fv) + lower * fv) / l;
      data[at] = data[at]! * gain;
      data[at + 1] = data[at + 1]! * gain;
      data[at + 2] = data[at + 2]! * gain;
    }
  }
}

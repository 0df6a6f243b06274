import { applyLocalContrast, contrastMapOf, type ContrastMap } from "./localContrast";
import type { ImageRect } from "../geometry/points";
import { levelSize, type Pyramid } from "./pyramid";

export interface Tile { readonly level: number; readonly x: number; readonly y: number }
type Picture = ImageBitmap | OffscreenCanvas;
const keyOf = ({ level, x, y }: Tile): string => `${level}/${x}/${y}`;

/** Decoded tiles of one image, least recently drawn first out. */
export class TileCache {
  readonly pyramid: Pyramid;
  #pictures = new Map<string, Picture>();
  #loading = new Set<string>();
  #failed = new Set<string>();
  #map: Promise<ContrastMap> | null = null;
  #contrast = false;
  #generation = 0;
  readonly #loaded: (part: ImageRect) => void;
  readonly #failedLoad: (error: unknown) => void;
  /** 256 tiles of 512 × 512 are 256 MB; a screen shows about 40. */
  readonly #capacity = 192;

  constructor(pyramid: Pyramid, loaded: (part: ImageRect) => void, failed: (error: unknown) => void) {
    this.pyramid = pyramid;
    this.#loaded = loaded;
    this.#failedLoad = failed;
  }

  setLocalContrast(on: boolean): void {
    if (on === this.#contrast) return;
    this.#contrast = on;
    this.#generation++;
    this.#pictures.clear();
    this.#loading.clear();
  }

  retryFailed(): void {
    this.#failed.clear();
  }

  /** The tile if it is here; asks for it otherwise. */
  get(tile: Tile): Picture | null {
    const key = keyOf(tile);
    const picture = this.#pictures.get(key);
    if (picture) {
      this.#pictures.delete(key);
      this.#pictures.set(key, picture);
      return picture;
    }
    void this.#load(tile, key);
    return null;
  }

  /** Only what is here already. */
  peek(tile: Tile): Picture | null {
    return this.#pictures.get(keyOf(tile)) ?? null;
  }

  async #load(tile: Tile, key: string): Promise<void> {
    if (this.#loading.has(key) || this.#failed.has(key)) return;
    this.#loading.add(key);
    const generation = this.#generation;
    try {
      const bitmap = await this.pyramid.load(tile.level, tile.x, tile.y);
      const picture = this.#contrast ? applyLocalContrast(bitmap, tile, this.pyramid, await (this.#map ??= contrastMapOf(this.pyramid))) : bitmap;
      if (generation !== this.#generation) return;
      this.#pictures.set(key, picture);
      for (const old of this.#pictures.keys()) {
        if (this.#pictures.size <= this.#capacity) break;
        this.#pictures.delete(old);
      }
      const span = this.pyramid.tileSize * 2 ** tile.level;
      this.#loaded({ x1: tile.x * span, y1: tile.y * span, x2: (tile.x + 1) * span, y2: (tile.y + 1) * span });
    } catch (error) {
      this.#failed.add(key);
      this.#failedLoad(error);
    } finally {
      if (generation === this.#generation) this.#loading.delete(key);
    }
  }
}

/** Width and height of the tile's pixels at its level. */
export function tileExtent({ width, height, tileSize }: Pyramid, { level, x, y }: Tile): { width: number; height: number } {
  return {
    width: Math.min(tileSize, levelSize(width, level) - x * tileSize),
    height: Math.min(tileSize, levelSize(height, level) - y * tileSize),
  };
}

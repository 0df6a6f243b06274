import type { ImageRect } from "../geometry/points";
import type { Placement } from "./surface";
import { tileExtent, type Tile, type TileCache } from "./tileCache";

/** The finest level that is needed: one of its pixels is at most one device pixel, as far as there is one. */
export function levelFor(scale: number, ratio: number, levels: number): number {
  return Math.min(levels - 1, Math.max(0, Math.floor(Math.log2(1 / (scale * ratio)) + 0.01)));
}

export function paintImage(context: CanvasRenderingContext2D, part: ImageRect, { viewport, ratio }: Placement, tiles: TileCache): void {
  const { pyramid } = tiles;
  const wanted = levelFor(viewport.scale, ratio, pyramid.levels);
  context.imageSmoothingEnabled = viewport.scale * ratio < 2;
  context.imageSmoothingQuality = "low";
  const span = pyramid.tileSize * 2 ** wanted;
  const x1 = Math.max(0, Math.floor(part.x1 / span)), y1 = Math.max(0, Math.floor(part.y1 / span));
  const x2 = Math.min(Math.ceil(pyramid.width / span) - 1, Math.floor(part.x2 / span)), y2 = Math.min(Math.ceil(pyramid.height / span) - 1, Math.floor(part.y2 / span));
  for (let y = y1; y <= y2; y++) {
    for (let x = x1; x <= x2; x++) {
      const tile = { level: wanted, x, y };
      const picture = tiles.get(tile);
      if (picture) drawTile(context, picture, tile, tile, viewport, tiles);
      else drawStandIn(context, tile, viewport, tiles);
    }
  }
}

/** Until the tile is here: the part of a coarser one that covers it, or the full-size picture of a plain image. */
function drawStandIn(context: CanvasRenderingContext2D, tile: Tile, viewport: Placement["viewport"], tiles: TileCache): void {
  for (let up = 1; tile.level + up < tiles.pyramid.levels; up++) {
    const coarse = { level: tile.level + up, x: tile.x >> up, y: tile.y >> up };
    const picture = tiles.peek(coarse);
    if (picture) return drawTile(context, picture, coarse, tile, viewport, tiles);
  }
  if (tiles.pyramid.whole) {
    for (let level = tile.level - 1; level >= 0; level--) {
      const picture = tiles.peek({ level, x: 0, y: 0 });
      if (picture) return drawTile(context, picture, { level, x: 0, y: 0 }, { level, x: 0, y: 0 }, viewport, tiles);
    }
    if (tile.level > 0) tiles.get({ level: 0, x: 0, y: 0 });
    return;
  }
  // Nothing yet: ask for the coarsest one, which is one small request and covers everything.
  const top = tiles.pyramid.levels - 1;
  if (tile.level !== top) tiles.get({ level: top, x: tile.x >> (top - tile.level), y: tile.y >> (top - tile.level) });
}

/** Draws what `from` has of the area of `area`. */
function drawTile(context: CanvasRenderingContext2D, picture: CanvasImageSource, from: Tile, area: Tile, { scale, offsetX, offsetY }: Placement["viewport"], tiles: TileCache): void {
  const { tileSize, width, height } = tiles.pyramid;
  const extent = tileExtent(tiles.pyramid, area);
  const unit = 2 ** area.level;
  const x = area.x * tileSize * unit, y = area.y * tileSize * unit;
  const right = Math.min(width, x + extent.width * unit), bottom = Math.min(height, y + extent.height * unit);
  const shrink = 2 ** from.level;
  const sx = x / shrink - from.x * tileSize, sy = y / shrink - from.y * tileSize;
  context.drawImage(picture, sx, sy, (right - x) / shrink, (bottom - y) / shrink, x * scale + offsetX, y * scale + offsetY, (right - x) * scale, (bottom - y) * scale);
}

/** Above 800 % every pixel is told from its neighbours. */
export function paintPixelGrid(context: CanvasRenderingContext2D, part: ImageRect, { viewport, ratio }: Placement, size: { width: number; height: number }): void {
  if (viewport.scale < 8) return;
  const { scale, offsetX, offsetY } = viewport;
  const x1 = Math.max(0, Math.floor(part.x1)), x2 = Math.min(size.width, Math.ceil(part.x2)), y1 = Math.max(0, Math.floor(part.y1)), y2 = Math.min(size.height, Math.ceil(part.y2));
  const half = 0.5 / ratio;
  context.beginPath();
  for (let x = x1; x <= x2; x++) {
    context.moveTo(Math.round(x * scale + offsetX) + half, y1 * scale + offsetY);
    context.lineTo(Math.round(x * scale + offsetX) + half, y2 * scale + offsetY);
  }
  for (let y = y1; y <= y2; y++) {
    context.moveTo(x1 * scale + offsetX, Math.round(y * scale + offsetY) + half);
    context.lineTo(x2 * scale + offsetX, Math.round(y * scale + offsetY) + half);
  }
  context.lineWidth = 1 / ratio;
  context.strokeStyle = "rgba(128, 128, 128, 0.45)";
  context.stroke();
}

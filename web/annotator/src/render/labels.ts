import type { Shape } from "../contract";
import { boundsOf } from "../geometry/shapes";
import type { Placement } from "./surface";
import type { ClassStyle } from "./palette";

export const labelHeight = 16;
/** Longer titles are cut; also how far a label may reach beyond its shape. */
export const labelReach = 190;

const sprites = new Map<string, OffscreenCanvas>();

/** Shapes whose longer side is below this on the screen carry no label until they are selected. */
const smallestForTitle = 44;
const smallestForKey = 24;

/** The text depends on the shape and the scale only, so that a shifted layer and a fresh one agree. */
export function labelText(shape: Shape, style: ClassStyle, scale: number, full: boolean): string {
  const { x1, y1, x2, y2 } = boundsOf(shape);
  const side = shape.kind === "point" ? scale * 48 : Math.max(x2 - x1, y2 - y1) * scale;
  if (!full && side < smallestForKey) return "";
  if (!full && side < smallestForTitle) return style.key;
  const score = shape.score === undefined ? "" : ` ${Math.round(shape.score * 100)} %`;
  return (style.key ? `${style.key} ${style.title}` : style.title) + score;
}

/** Above the shape's upper-left corner; inside it at the image's upper edge. The place depends on the shape and the scale only, as the text does. */
export function drawLabel(context: CanvasRenderingContext2D, shape: Shape, text: string, style: ClassStyle, { viewport, ratio }: Placement): void {
  if (!text) return;
  const sprite = spriteOf(text, style, ratio);
  const { x1, y1 } = boundsOf(shape);
  const height = sprite.height / ratio;
  const above = y1 * viewport.scale >= height ? -height - 1 : 1;
  const point = shape.kind === "point" ? 10 : 0;
  const x = Math.round((x1 * viewport.scale + viewport.offsetX + point - 1) * ratio) / ratio;
  const y = Math.round((y1 * viewport.scale + viewport.offsetY + above) * ratio) / ratio;
  context.drawImage(sprite, x, y, sprite.width / ratio, height);
}

function spriteOf(text: string, style: ClassStyle, ratio: number): OffscreenCanvas {
  const key = `${ratio}|${style.color}|${text}`;
  let sprite = sprites.get(key);
  if (sprite) return sprite;
  if (sprites.size > 2000) sprites.clear();
  const font = `600 ${11 * ratio}px system-ui, "Segoe UI", "Liberation Sans", sans-serif`;
  const probe = new OffscreenCanvas(1, 1).getContext("2d")!;
  probe.font = font;
  const padding = 4 * ratio;
  const width = Math.min(labelReach * ratio, Math.ceil(probe.measureText(text).width + 2 * padding));
  sprite = new OffscreenCanvas(width, Math.round(labelHeight * ratio));
  const context = sprite.getContext("2d")!;
  context.fillStyle = style.color;
  context.beginPath();
  context.roundRect(0, 0, width, sprite.height, 3 * ratio);
  context.fill();
  context.fillStyle = style.ink;
  context.font = font;
  context.textBaseline = "middle";
  context.fillText(text, padding, sprite.height / 2 + 0.5 * ratio);
  sprites.set(key, sprite);
  return sprite;
}

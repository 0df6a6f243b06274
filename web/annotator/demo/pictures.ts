import type { ImageSource, Shape } from "../src/contract";

/** A small generator with a seed, so that every run draws the same board. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A printed board with tracks, pads and scratches. */
export async function boardUrl(width: number, height: number, seed: number): Promise<string> {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d")!;
  const next = random(seed);
  context.fillStyle = "#1d4d3a";
  context.fillRect(0, 0, width, height);
  context.lineCap = "round";
  for (let i = 0; i < (width * height) / 9000; i++) {
    context.strokeStyle = `hsl(${95 + next() * 30} 25% ${38 + next() * 18}%)`;
    context.lineWidth = 3 + next() * 7;
    let x = next() * width, y = next() * height;
    context.beginPath();
    context.moveTo(x, y);
    for (let k = 0; k < 3; k++) context.lineTo((x += (next() - 0.5) * 260), (y += k % 2 ? 0 : (next() - 0.5) * 180));
    context.stroke();
    context.fillStyle = "#c9b37a";
    context.beginPath();
    context.arc(x, y, 6 + next() * 9, 0, 7);
    context.fill();
  }
  return URL.createObjectURL(await canvas.convertToBlob({ type: "image/png" }));
}

export function randomBoxes(count: number, width: number, height: number, labels: readonly string[], seed = 7): Shape[] {
  const next = random(seed);
  return Array.from({ length: count }, (_, index): Shape => {
    const w = 16 + next() * 80, h = 16 + next() * 80;
    return { id: `box-${index}`, kind: "box", label: labels[index % labels.length]!, attributes: {}, box: [next() * (width - w), next() * (height - h), w, h] };
  });
}

/** A line scan cut into tiles that are drawn on demand; each says where it is. */
export function scan(width: number, height: number, tileSize = 512): ImageSource {
  const levels = 1 + Math.ceil(Math.log2(Math.max(width, height) / tileSize));
  return { type: "tiled", width, height, tileSize, levels, url: (level, x, y) => `/tile/${level}/${x}/${y}?w=${width}&h=${height}&t=${tileSize}` };
}

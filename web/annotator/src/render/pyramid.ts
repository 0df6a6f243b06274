import type { ImageSource, PlainImage } from "../contract";

/** An image in halving levels, cut into tiles; a plain image is a pyramid of one tile a level. */
export interface Pyramid {
  readonly width: number;
  readonly height: number;
  readonly tileSize: number;
  readonly levels: number;
  /** Whether a finer level may stand in while a coarser one is being made. */
  readonly whole: boolean;
  load(level: number, x: number, y: number): Promise<ImageBitmap>;
}

export const levelSize = (extent: number, level: number): number => Math.max(1, Math.ceil(extent / 2 ** level));

async function fetchBitmap(url: string): Promise<ImageBitmap> {
  const response = await fetch(url, { credentials: "same-origin" });
  if (!response.ok) throw new Error(`The image could not be fetched (HTTP ${response.status}).`);
  // The hub turned the pixels upright on arrival; turning them again by EXIF would misplace every shape.
  return createImageBitmap(await response.blob(), { imageOrientation: "none" as ImageOrientation });
}

function plainPyramid(image: PlainImage): Pyramid {
  const { width, height, url } = image;
  const levels = 1 + Math.max(0, Math.floor(Math.log2(Math.max(width, height) / 512)));
  const base = fetchBitmap(url);
  const made = new Map<number, Promise<ImageBitmap>>([[0, base]]);
  base.catch(() => recent.delete(url));
  const load = (level: number): Promise<ImageBitmap> => {
    let bitmap = made.get(level);
    if (!bitmap) {
      bitmap = load(level - 1).then((finer) => createImageBitmap(finer, {
        resizeWidth: levelSize(width, level), resizeHeight: levelSize(height, level), resizeQuality: "medium",
      }));
      made.set(level, bitmap);
    }
    return bitmap;
  };
  return { width, height, tileSize: 2 ** Math.ceil(Math.log2(Math.max(width, height))), levels, whole: true, load };
}

const recent = new Map<string, Pyramid>();
/** The image at hand, the one before, and the next three with some room. */
const keepRecent = 6;

/** Decoded images stay for a while, so that the next image is there when it is asked for. */
export function pyramidOf(image: ImageSource): Pyramid {
  if (image.type === "tiled") {
    const { width, height, tileSize, levels } = image;
    return { width, height, tileSize, levels, whole: false, load: (level, x, y) => fetchBitmap(image.url(level, x, y)) };
  }
  const known = recent.get(image.url);
  const pyramid = known ?? plainPyramid(image);
  recent.delete(image.url);
  recent.set(image.url, pyramid);
  for (const url of recent.keys()) {
    if (recent.size <= keepRecent) break;
    recent.delete(url);
  }
  return pyramid;
}

/** Fetches and decodes ahead; failures show when the image is really asked for. */
export async function prefetch(image: ImageSource): Promise<void> {
  const pyramid = pyramidOf(image);
  // The coarsest level of a plain image is made from all the finer ones, so whichever the view needs is then there.
  await pyramid.load(pyramid.levels - 1, 0, 0).catch(() => undefined);
}

/** Tells images apart, whoever made the object. */
export const sourceOf = (image: ImageSource): string => (image.type === "plain" ? image.url : image.url(0, 0, 0));

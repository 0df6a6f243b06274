import type { ImageSource, Shape } from "../contract";
import type { ImageRect } from "../geometry/points";
import { boundsOf } from "../geometry/shapes";
import type { Dirty, Session } from "../tools/session";
import { noFilters, toneTable, isNeutral, type ViewFilters } from "./filters";
import { levelFor, paintImage, paintPixelGrid } from "./imageLayer";
import { Minimap } from "./minimap";
import { overlayIsBlank, paintOverlay } from "./overlayLayer";
import { Palette } from "./palette";
import { pyramidOf, sourceOf } from "./pyramid";
import { extentOf, hasShapesIn, paintShapes, shapesShown } from "./shapesLayer";
import { snapped, Surface, type Placement } from "./surface";
import { TileCache } from "./tileCache";
import { TiledSurface } from "./tiledSurface";

export interface StageEvents {
  /** The first picture of the image is on the screen. */
  imageShown(): void;
  imageFailed(error: unknown): void;
}

/** Drawn over the shapes by a feature of its own (comparison of revisions or annotators). */
export type ExtraPaint = (context: CanvasRenderingContext2D, placement: Placement) => void;

const everywhere: ImageRect = { x1: -Infinity, y1: -Infinity, x2: Infinity, y2: Infinity };

/** Three layers: image, shapes that rest, and what follows the pointer. Paints at most once a frame, and only what changed. */
export class Stage {
  readonly element = document.createElement("div");
  readonly minimap = new Minimap();
  readonly #image = new TiledSurface("image");
  readonly #shapes = new TiledSurface("shapes");
  readonly #overlay = new Surface("overlay");
  readonly #events: StageEvents;
  readonly #tone: SVGElement;
  #tiles: TileCache | null = null;
  #source = "";
  #session: Session | null = null;
  #palette = new Palette([]);
  #dirty = new Set<Dirty | "image">();
  #frame = 0;
  #ratio = 1;
  #filters = noFilters;
  #shown = false;
  #overlayBlank = false;
  #mapIsOld = false;
  /** What the layer of shapes shows: the difference says which tiles a change touches, whatever caused it. */
  #drawn: ReadonlySet<Shape> | null = null;
  #labels = true;
  #extra: ExtraPaint | null = null;
  #naive: Surface | null = null;

  constructor(events: StageEvents) {
    this.#events = events;
    this.element.className = "layers";
    this.element.innerHTML = '<svg width="0" height="0" aria-hidden="true"><filter id="tone" color-interpolation-filters="sRGB"><feComponentTransfer><feFuncR type="table"/><feFuncG type="table"/><feFuncB type="table"/></feComponentTransfer></filter></svg>';
    this.#tone = this.element.querySelector("filter")!;
    this.element.append(this.#image.element, this.#shapes.element, this.#overlay.canvas, this.minimap.canvas);
  }

  get palette(): Palette { return this.#palette; }

  get labels(): boolean { return this.#labels; }
  set labels(shown: boolean) {
    this.#labels = shown;
    this.#anew();
  }

  get extra(): ExtraPaint | null { return this.#extra; }
  set extra(paint: ExtraPaint | null) {
    this.#extra = paint;
    this.#anew();
  }

  /** For the bench: one canvas that is redrawn in full on every change, without culling, as a simple annotator does it. */
  set naive(on: boolean) {
    this.#naive?.canvas.remove();
    this.#naive = null;
    for (const { element } of [this.#image, this.#shapes]) element.hidden = on;
    if (!on) return;
    this.#naive = new Surface("naive");
    this.#naive.resize({ width: this.#overlay.canvas.clientWidth, height: this.#overlay.canvas.clientHeight }, this.#ratio);
    this.#overlay.canvas.before(this.#naive.canvas);
  }

  #anew(): void {
    this.#drawn = null;
    this.mark("shapes");
  }

  show(session: Session, image: ImageSource): void {
    this.#session = session;
    this.#palette = new Palette(session.task.classes);
    this.#drawn = null;
    for (const one of ["shapes", "overlay", "view"] as const) this.mark(one);
    const source = sourceOf(image);
    if (source === this.#source && this.#shown) return this.#events.imageShown();
    this.#source = source;
    this.#shown = false;
    const tiles: TileCache = new TileCache(pyramidOf(image), (part) => {
      if (this.#tiles === tiles) this.#arrived(part);
    }, (error) => {
      if (this.#tiles === tiles) this.#events.imageFailed(error);
    });
    tiles.setLocalContrast(this.#filters.localContrast);
    this.#tiles = tiles;
    this.mark("image");
    // Asked for before the first frame: what was decoded ahead is then in it, and no frame is empty.
    if (image.type === "plain") tiles.get({ level: levelFor(session.viewport.scale, this.#ratio, tiles.pyramid.levels), x: 0, y: 0 });
  }

  retryImage(): void {
    this.#tiles?.retryFailed();
    this.mark("image");
  }

  #arrived(part: ImageRect): void {
    this.#image.invalidate([part]);
    this.#mapIsOld = true;
    this.mark("view");
    if (this.#shown) return;
    this.#shown = true;
    this.#events.imageShown();
  }

  resize(width: number, height: number): void {
    this.#ratio = Math.max(1, window.devicePixelRatio || 1);
    for (const surface of [this.#image, this.#shapes, this.#overlay]) surface.resize({ width, height }, this.#ratio);
    for (const one of ["view", "overlay"] as const) this.mark(one);
  }

  setFilters(filters: ViewFilters): void {
    this.#filters = filters;
    this.#tiles?.setLocalContrast(filters.localContrast);
    for (const channel of this.#tone.querySelectorAll("feFuncR, feFuncG, feFuncB")) channel.setAttribute("tableValues", toneTable(filters));
    this.#image.element.style.filter = isNeutral(filters) ? "" : "url(#tone)";
    this.mark("image");
  }

  mark(what: Dirty | "image"): void {
    this.#dirty.add(what);
    this.#frame ||= requestAnimationFrame(() => this.#paint());
  }

  #paint(): void {
    this.#frame = 0;
    const session = this.#session, tiles = this.#tiles;
    const dirty = this.#dirty;
    this.#dirty = new Set();
    if (!session || !tiles) return;
    const placement = snapped(session.viewport, this.#ratio);
    if (this.#naive) this.#paintNaively(this.#naive, placement, session, tiles);
    else if (this.#paintTiles(dirty, placement, session, tiles)) this.#frame ||= requestAnimationFrame(() => this.#paint());
    if (dirty.has("image")) this.#mapIsOld = true;
    if (this.#mapIsOld || dirty.has("view")) this.minimap.paint(session, tiles, this.#ratio, this.#mapIsOld);
    this.#mapIsOld = false;
    const blank = overlayIsBlank(session);
    if (dirty.size === 0 || (blank && this.#overlayBlank)) return;
    this.#overlayBlank = blank;
    this.#overlay.paint(placement, (context) => paintOverlay(context, placement, session, this.#palette));
  }

  /** Whether there is more to paint ahead. */
  #paintTiles(dirty: ReadonlySet<Dirty | "image">, placement: Placement, session: Session, tiles: TileCache): boolean {
    const { width, height } = session.size;
    if (dirty.has("image")) this.#image.invalidate();
    if (dirty.has("shapes")) this.#invalidateShapes(session);
    const imageAhead = this.#image.paint(placement, (context, part, own) => {
      paintImage(context, part, own, tiles);
      paintPixelGrid(context, part, own, session.size);
    }, (part) => part.x2 <= 0 || part.y2 <= 0 || part.x1 >= width || part.y1 >= height);
    const shapesAhead = this.#shapes.paint(placement, (context, part, own) => {
      paintShapes(context, part, own, session, this.#palette, { labels: this.#labels });
      this.#extra?.(context, own);
    }, (part) => !this.#extra && !hasShapesIn(part, placement.viewport.scale, session));
    return imageAhead || shapesAhead;
  }

  #invalidateShapes(session: Session): void {
    const before = this.#drawn, now = shapesShown(session);
    this.#drawn = now;
    if (!before || this.#extra) return this.#shapes.invalidate();
    const changed = [...before].filter((shape) => !now.has(shape)).concat([...now].filter((shape) => !before.has(shape)));
    this.#shapes.invalidate(changed.length > 200 ? undefined : changed.map((shape) => extentOf(boundsOf(shape), session.viewport.scale)));
  }

  #paintNaively(surface: Surface, placement: Placement, session: Session, tiles: TileCache): void {
    surface.paint(placement, (context, part) => {
      paintImage(context, part, placement, tiles);
      paintShapes(context, everywhere, placement, session, this.#palette, { labels: this.#labels });
      this.#extra?.(context, placement);
    });
  }
}

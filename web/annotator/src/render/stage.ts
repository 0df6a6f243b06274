import type { ImageSource } from "../contract";
import type { Dirty, Session } from "../tools/session";
import { noFilters, toneTable, isNeutral, type ViewFilters } from "./filters";
import { paintImage, paintPixelGrid } from "./imageLayer";
import { Minimap } from "./minimap";
import { overlayIsBlank, paintOverlay } from "./overlayLayer";
import { Palette } from "./palette";
import { pyramidOf } from "./pyramid";
import { paintShapes } from "./shapesLayer";
import { snapped, Surface, type Placement } from "./surface";
import { TileCache } from "./tileCache";

export interface StageEvents {
  /** The first picture of the image is on the screen. */
  imageShown(): void;
  imageFailed(error: unknown): void;
}

/** Drawn over the shapes by a feature of its own (comparison of revisions or annotators). */
export type ExtraPaint = (context: CanvasRenderingContext2D, placement: Placement) => void;

/** Three layers: image, shapes that rest, and what follows the pointer. Paints at most once a frame, and only what changed. */
export class Stage {
  readonly element = document.createElement("div");
  readonly minimap = new Minimap();
  readonly #image = new Surface("image");
  readonly #shapes = new Surface("shapes");
  readonly #overlay = new Surface("overlay");
  readonly #events: StageEvents;
  readonly #tone: SVGElement;
  #tiles: TileCache | null = null;
  #session: Session | null = null;
  #palette = new Palette([]);
  #dirty = new Set<Dirty | "image">();
  #frame = 0;
  #ratio = 1;
  #filters = noFilters;
  #shown = false;
  #overlayBlank = false;
  labels = true;
  extra: ExtraPaint | null = null;
  /** For the bench: redraws everything on one frame's every change, as a simple canvas would. */
  naive = false;

  constructor(events: StageEvents) {
    this.#events = events;
    this.element.className = "layers";
    this.element.innerHTML = '<svg width="0" height="0" aria-hidden="true"><filter id="tone" color-interpolation-filters="sRGB"><feComponentTransfer><feFuncR type="table"/><feFuncG type="table"/><feFuncB type="table"/></feComponentTransfer></filter></svg>';
    this.#tone = this.element.querySelector("filter")!;
    this.element.append(this.#image.canvas, this.#shapes.canvas, this.#overlay.canvas, this.minimap.canvas);
  }

  get palette(): Palette { return this.#palette; }

  show(session: Session, image: ImageSource): void {
    this.#session = session;
    this.#palette = new Palette(session.task.classes);
    this.#shown = false;
    const tiles: TileCache = new TileCache(pyramidOf(image), () => {
      if (this.#tiles === tiles) this.#arrived();
    }, (error) => {
      if (this.#tiles === tiles) this.#events.imageFailed(error);
    });
    tiles.setLocalContrast(this.#filters.localContrast);
    this.#tiles = tiles;
    for (const one of ["image", "shapes", "overlay", "view"] as const) this.mark(one);
  }

  retryImage(): void {
    this.#tiles?.retryFailed();
    this.mark("image");
  }

  #arrived(): void {
    this.mark("image");
    if (this.#shown) return;
    this.#shown = true;
    this.#events.imageShown();
  }

  resize(width: number, height: number): void {
    this.#ratio = Math.max(1, window.devicePixelRatio || 1);
    for (const surface of [this.#image, this.#shapes, this.#overlay]) {
      surface.resize({ width, height }, this.#ratio);
      surface.canvas.style.width = `${width}px`;
      surface.canvas.style.height = `${height}px`;
    }
    for (const one of ["image", "shapes", "overlay"] as const) this.mark(one);
  }

  setFilters(filters: ViewFilters): void {
    this.#filters = filters;
    this.#tiles?.setLocalContrast(filters.localContrast);
    for (const channel of this.#tone.querySelectorAll("feFuncR, feFuncG, feFuncB")) channel.setAttribute("tableValues", toneTable(filters));
    this.#image.canvas.style.filter = isNeutral(filters) ? "" : "url(#tone)";
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
    const all = this.naive;
    const placement = snapped(session.viewport, this.#ratio);
    const changed = (what: Dirty | "image"): boolean => all || dirty.has(what);
    if (changed("image")) this.#image.invalidate();
    if (changed("shapes")) this.#shapes.invalidate();
    if (changed("image") || changed("view")) {
      // The grid's lines fall on rounded pixels, which a shift would not keep.
      this.#image.paint(placement, (context, part) => {
        paintImage(context, part, placement, tiles);
        paintPixelGrid(context, part, placement, session.size);
      }, session.viewport.scale < 8);
      this.minimap.paint(session, tiles, this.#ratio);
    }
    if (changed("shapes") || changed("view")) {
      const everywhere = { x1: -Infinity, y1: -Infinity, x2: Infinity, y2: Infinity };
      this.#shapes.paint(placement, (context, part) => {
        paintShapes(context, all ? everywhere : part, placement, session, this.#palette, { labels: this.labels });
        this.extra?.(context, placement);
      });
    }
    const blank = overlayIsBlank(session);
    if (dirty.size > 0 && (!blank || !this.#overlayBlank || all)) {
      this.#overlayBlank = blank;
      this.#overlay.invalidate();
      this.#overlay.paint(placement, (context) => paintOverlay(context, placement, session, this.#palette));
    }
  }
}

/**
 * The wire types between the canvas and its host. The annotation document is stored by the hub as it is here
 * (docs/annotation-document.md). Coordinates are upright image pixels: (0,0) is the upper-left corner of the
 * upper-left pixel, x right, y down, continuous (no +1).
 */

/** [x, y], image pixels. */
export type Position = readonly [number, number];

export type AttributeValue = string | number | boolean | null;
export type Attributes = Readonly<Record<string, AttributeValue>>;

interface ShapeBase {
  /** Unique in the document; made by whoever drew the shape and never changed. */
  readonly id: string;
  /** Name of a label class of the project. */
  readonly label: string;
  readonly attributes: Attributes;
  /** User id of the author; a reviewer's fix leaves it as it was. */
  readonly createdBy?: string;
  /** Confidence 0 to 1 of the model that proposed the shape; absent for shapes drawn by hand. */
  readonly score?: number;
}

/** x, y of the upper-left corner, width, height; width and height > 0. */
export interface BoxShape extends ShapeBase {
  readonly kind: "box";
  readonly box: readonly [number, number, number, number];
}

/** centre x, centre y, width, height before rotation, degrees clockwise on the screen about the centre. */
export interface RotatedBoxShape extends ShapeBase {
  readonly kind: "rotatedBox";
  readonly rotatedBox: readonly [number, number, number, number, number];
}

/** One or more rings, even-odd rule, not closed (the last point is not the first), at least 3 points each. */
export interface PolygonShape extends ShapeBase {
  readonly kind: "polygon";
  readonly rings: readonly (readonly Position[])[];
}

/** An open line of at least 2 points. */
export interface PolylineShape extends ShapeBase {
  readonly kind: "polyline";
  readonly points: readonly Position[];
}

export interface PointShape extends ShapeBase {
  readonly kind: "point";
  readonly point: Position;
}

/** COCO compressed run lengths, column-major, of the whole image; size is [height, width]. */
export interface MaskShape extends ShapeBase {
  readonly kind: "mask";
  readonly mask: { readonly size: readonly [number, number]; readonly counts: string };
}

export type Shape = BoxShape | RotatedBoxShape | PolygonShape | PolylineShape | PointShape | MaskShape;
export type ShapeKind = Shape["kind"];

/** "no_defect" is an explicit answer; null means the question was not answered yet. */
export type Verdict = "defects" | "no_defect" | null;

export interface AnnotationDocument {
  readonly shapes: readonly Shape[];
  /** Image tags (classification): names of label classes. */
  readonly tags: readonly string[];
  /** Image values (regression) by name. */
  readonly values: Readonly<Record<string, number>>;
  readonly verdict: Verdict;
}

/** One idempotent edit: applying it twice gives the document of applying it once. */
export type Change =
  /** Puts the shape in the place of the one with its id; a new one goes to `index`, or to the end (drawn last, on top). */
  | { readonly type: "put"; readonly shape: Shape; readonly index?: number }
  | { readonly type: "remove"; readonly shapeId: string }
  | { readonly type: "tags"; readonly tags: readonly string[] }
  | { readonly type: "value"; readonly name: string; readonly value: number | null }
  | { readonly type: "verdict"; readonly verdict: Verdict };

/** One step of the person's work (an undo is a step too). The server ignores an id it has already applied. */
export interface Operation {
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Active time since the operation before it; pauses over 30 s are left out. */
  readonly activeMilliseconds: number;
  readonly changes: readonly Change[];
}

export interface SaveRequest {
  readonly taskId: string;
  /** Fencing token of the lease. */
  readonly lease: string;
  /** The revision the operations were made on. */
  readonly baseRevision: number;
  readonly operations: readonly Operation[];
}

export type SkipReason = "blurred" | "obstructed" | "object_not_visible" | "wrong_object" | "not_sure" | "other";

/** A comment pinned on the image. */
export interface PinnedComment {
  readonly id: string;
  readonly at: Position;
  readonly text: string;
  readonly author?: string;
  readonly shapeId?: string;
  readonly resolved?: boolean;
}

export type Decision =
  | { readonly type: "submit" }
  | { readonly type: "skip"; readonly reason: SkipReason; readonly text?: string }
  | { readonly type: "accept" }
  | { readonly type: "reject"; readonly comments: readonly PinnedComment[] };

/** Sent once after the operations it follows; `id` makes the retry harmless. */
export interface DecisionRequest {
  readonly id: string;
  readonly taskId: string;
  readonly lease: string;
  readonly baseRevision: number;
  /** Active time since the last operation. */
  readonly activeMilliseconds: number;
  readonly decision: Decision;
}

export type SaveResult =
  | { readonly status: "ack"; readonly revision: number }
  /** Someone else saved a revision in between; the canvas lays its operations on top of it and tries again. */
  | { readonly status: "conflict"; readonly revision: number; readonly document: AnnotationDocument }
  /** The lease passed to someone else or expired; the work stays in the browser as a draft. */
  | { readonly status: "lease_lost"; readonly message?: string }
  | { readonly status: "unauthorized" }
  /** Not reached, or 5xx: tried again with back-off. */
  | { readonly status: "offline" }
  /** The server will never take it (4xx): shown with its sentence, kept in the browser. */
  | { readonly status: "refused"; readonly message: string };

/** How the canvas reaches the hub. A rejected promise counts as offline. */
export interface Transport {
  save(request: SaveRequest): Promise<SaveResult>;
  decide(request: DecisionRequest): Promise<SaveResult>;
}

export interface LabelClass {
  readonly name: string;
  /** Shown instead of the name. */
  readonly title?: string;
  /** #rrggbb */
  readonly color: string;
  /** "1" to "9" or "0"; by default the position in the list. */
  readonly key?: string;
  readonly attributes?: readonly AttributeDefinition[];
  readonly description?: string;
}

export type AttributeDefinition =
  | { readonly name: string; readonly type: "text" | "number" | "boolean"; readonly title?: string }
  | { readonly name: string; readonly type: "choice"; readonly options: readonly string[]; readonly title?: string };

export interface ValueDefinition {
  readonly name: string;
  readonly title?: string;
  readonly unit?: string;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** A plain image. Width and height are those of the upright pixels. */
export interface PlainImage {
  readonly type: "plain";
  readonly url: string;
  readonly width: number;
  readonly height: number;
}

/** A pyramid: level 0 is full size, each level above is half of the one below, rounded up. */
export interface TiledImage {
  readonly type: "tiled";
  readonly width: number;
  readonly height: number;
  readonly tileSize: number;
  readonly levels: number;
  url(level: number, x: number, y: number): string;
}

export type ImageSource = PlainImage | TiledImage;

/** One step of a shape: as it was drawn, changed, or (null) deleted. */
export interface ShapeStep {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly by?: string;
  /** True for a step after the author had submitted: a reviewer's. */
  readonly fix?: boolean;
  readonly shape: Shape | null;
}

export interface ShapeHistory {
  readonly shapeId: string;
  readonly steps: readonly ShapeStep[];
}

export interface AnnotationTask {
  readonly id: string;
  readonly lease: string;
  readonly revision: number;
  readonly document: AnnotationDocument;
  readonly image: ImageSource;
  readonly title?: string;
  readonly classes: readonly LabelClass[];
  /** Kinds that may be drawn; all when absent. */
  readonly kinds?: readonly ShapeKind[];
  /** Names of label classes that may be given to the whole image. */
  readonly tagClasses?: readonly string[];
  readonly values?: readonly ValueDefinition[];
  /** Shapes of the current model. */
  readonly proposals?: readonly Shape[];
  /** Proposals stay hidden until the annotator has drawn or answered (less bias). */
  readonly proposalsAfterFirstShape?: boolean;
  /** The document of the previous image, for "repeat". */
  readonly previous?: AnnotationDocument;
  readonly comments?: readonly PinnedComment[];
  /** Review: read only until "fix" is pressed. */
  readonly mode?: "annotate" | "review" | "view";
  /** Review: the revision before this one. */
  readonly before?: AnnotationDocument;
  /** Review: how each shape came to be, to be replayed. */
  readonly history?: readonly ShapeHistory[];
  /** Side by side: the documents of several annotators over each other. */
  readonly others?: readonly { readonly author: string; readonly document: AnnotationDocument }[];
}

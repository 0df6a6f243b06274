import type { AnnotationDocument, AnnotationTask, Change, PinnedComment, Shape } from "../contract";
import type { ImagePoint, ImageSize } from "../geometry/points";
import { ShapeIndex } from "../geometry/shapeIndex";
import { fit, keepInSight, type Viewport, type ViewSize } from "../geometry/viewport";
import { History } from "../model/history";
import { withVerdict } from "../model/verdict";
import { draftOf, type DraftIdentity } from "./draft";
import { idle, type Gesture, type Tool } from "./gesture";

/** What has to be drawn or listed again. */
export type Dirty = "view" | "shapes" | "overlay" | "panel";

export interface SessionOptions {
  readonly task: AnnotationTask;
  readonly document: AnnotationDocument;
  readonly user?: string;
  readonly newId: () => string;
  readonly readOnly: boolean;
  /** Called with every step, undo and redo included, before anything is drawn. */
  readonly onStep: (changes: readonly Change[]) => void;
  readonly onDirty: (dirty: Dirty) => void;
  /** Proposals rejected on an earlier visit to the task. */
  readonly rejected?: readonly string[];
  readonly onReject?: (proposalId: string) => void;
}

/** One task on the canvas: document, selection, tool, gesture and view. Knows no screen and no network. */
export class Session {
  readonly task: AnnotationTask;
  readonly size: ImageSize;
  readonly history: History;
  readonly index = new ShapeIndex();
  readonly proposalIndex = new ShapeIndex();
  readonly hidden = new Set<string>();
  readonly locked = new Set<string>();
  readonly #options: SessionOptions;
  readonly #rejected: Set<string>;
  readonly #offered: readonly Shape[];

  tool: Tool = "select";
  label: string;
  brushRadius = 8;
  gesture: Gesture = idle;
  selection: readonly string[] = [];
  hovered: string | null = null;
  /** Where the pointer or the keyboard's crosshair is. */
  cursor: ImagePoint | null = null;
  cursorByKeys = false;
  viewport: Viewport;
  viewSize: ViewSize = { width: 800, height: 600 };
  allHidden = false;
  /** An earlier state of a shape, shown over the image while its history is looked at. */
  ghost: Shape | null = null;
  readOnly: boolean;
  proposals: readonly Shape[];
  proposalsShown = true;
  comments: readonly PinnedComment[];

  constructor(options: SessionOptions) {
    this.#options = options;
    this.task = options.task;
    this.size = { width: options.task.image.width, height: options.task.image.height };
    this.history = new History(options.document);
    this.readOnly = options.readOnly;
    this.label = options.task.classes[0]?.name ?? "";
    this.viewport = fit(this.size, this.viewSize);
    this.#offered = offeredBy(options.task);
    this.#rejected = new Set(options.rejected);
    this.proposals = this.#openProposals();
    this.comments = options.task.comments ?? [];
    this.index.update(options.document.shapes);
    this.proposalIndex.update(this.proposals);
  }

  get document(): AnnotationDocument { return this.history.document; }

  /** The answer came back: what could be changed before it can be changed again. */
  reopen(): void {
    this.readOnly = this.#options.readOnly;
    this.dirty("shapes", "panel");
  }

  newId(): string { return this.#options.newId(); }

  get identity(): DraftIdentity {
    const user = this.#options.user;
    return user ? { id: "draft", label: this.label, createdBy: user } : { id: "draft", label: this.label };
  }

  draft(): Shape | null { return draftOf(this.gesture, this.identity, this.size); }

  /** Proposals that may be seen now: hidden ones wait until the annotator has given an answer of their own. */
  get visibleProposals(): readonly Shape[] {
    if (!this.proposalsShown || this.allHidden) return [];
    if (this.task.proposalsAfterFirstShape && this.document.shapes.length === 0 && this.document.verdict === null) return [];
    return this.proposals;
  }

  isVisible = (shape: Shape): boolean => !this.allHidden && !this.hidden.has(shape.id);
  isEditable = (shape: Shape): boolean => !this.readOnly && this.isVisible(shape) && !this.locked.has(shape.id);

  shape(id: string): Shape | null {
    return this.document.shapes.find((shape) => shape.id === id) ?? this.proposals.find((shape) => shape.id === id) ?? null;
  }

  get selectedShapes(): readonly Shape[] {
    if (this.selection.length === 0) return [];
    const chosen = new Set(this.selection);
    return this.document.shapes.filter((shape) => chosen.has(shape.id));
  }

  get selectedProposal(): Shape | null {
    const [only] = this.selection;
    return this.selection.length === 1 ? this.visibleProposals.find((shape) => shape.id === only) ?? null : null;
  }

  commit(changes: readonly Change[]): boolean {
    if (this.readOnly || changes.length === 0) return false;
    return this.#stepped(this.history.do(withVerdict(this.document, changes)));
  }

  undo(): boolean { return !this.readOnly && this.#stepped(this.history.undo()); }
  redo(): boolean { return !this.readOnly && this.#stepped(this.history.redo()); }

  #stepped(changes: readonly Change[]): boolean {
    if (changes.length === 0) return false;
    this.#options.onStep(changes);
    this.documentReplaced();
    return true;
  }

  /** Called after the document changed from outside the tools too (another revision came in). */
  documentReplaced(): void {
    const ids = new Set(this.document.shapes.map((shape) => shape.id));
    this.selection = this.selection.filter((id) => ids.has(id) || this.proposals.some((shape) => shape.id === id));
    if (this.hovered && !ids.has(this.hovered)) this.hovered = null;
    this.index.update(this.document.shapes);
    this.#refreshProposals();
    this.dirty("shapes", "panel");
  }

  /** Undoing an acceptance makes the proposal open again. */
  #refreshProposals(): void {
    const open = this.#openProposals();
    if (open.length === this.proposals.length) return;
    this.proposals = open;
    this.proposalIndex.update(open);
  }

  #openProposals(): readonly Shape[] {
    const offered = this.#offered;
    if (offered.length === 0) return offered;
    const taken = new Set(this.document.shapes.map((shape) => shape.id));
    return offered.filter((shape) => !taken.has(shape.id) && !this.#rejected.has(shape.id));
  }

  rejectProposal(id: string): void {
    this.#rejected.add(id);
    this.#options.onReject?.(id);
    this.#refreshProposals();
    this.selection = this.selection.filter((one) => one !== id);
    this.dirty("shapes", "panel");
  }

  select(ids: readonly string[]): void {
    this.ghost = null;
    this.selection = ids;
    this.dirty("overlay", "panel");
  }

  setGesture(gesture: Gesture): void {
    const wasHeld = heldShapes(this.gesture), isHeld = heldShapes(gesture);
    this.gesture = gesture;
    this.dirty(wasHeld === isHeld ? "overlay" : "shapes");
  }

  setViewport(viewport: Viewport): void {
    this.viewport = keepInSight(viewport, this.size, this.viewSize);
    this.dirty("view");
  }

  showGhost(shape: Shape | null): void {
    this.ghost = shape;
    this.dirty("overlay");
  }

  /** A turned phone or a narrower window: whoever saw the whole image sees the whole image. */
  setViewSize(size: ViewSize, refit: boolean): void {
    const whole = fit(this.size, this.viewSize), { scale, offsetX, offsetY } = this.viewport;
    const sawAll = Math.abs(scale / whole.scale - 1) < 1e-6 && Math.abs(offsetX - whole.offsetX) < 1 && Math.abs(offsetY - whole.offsetY) < 1;
    this.viewSize = size;
    this.setViewport(refit || sawAll ? fit(this.size, size) : this.viewport);
  }

  dirty(...what: Dirty[]): void {
    for (const one of what) this.#options.onDirty(one);
  }
}

/** The model's proposals; when several annotators are adjudicated, their shapes too, to be picked one by one. */
function offeredBy({ proposals = [], others = [], mode = "annotate" }: AnnotationTask): readonly Shape[] {
  if (mode !== "annotate") return proposals;
  // Two people who accepted the same proposal have shapes of the same id.
  return [...proposals, ...others.flatMap(({ author, document }) => document.shapes.map((shape): Shape => ({ ...shape, id: `${author}/${shape.id}`, createdBy: shape.createdBy ?? author })))];
}

/** The shapes a gesture carries are drawn by the interaction layer, not by the static one. */
export const heldShapes = (gesture: Gesture): readonly Shape[] | null => {
  if (gesture.state === "move") return gesture.originals;
  if (gesture.state === "resize") return held(gesture.original);
  return gesture.state === "brush" && gesture.shape ? held(gesture.shape) : null;
};

const single = new WeakMap<Shape, readonly Shape[]>();
const held = (shape: Shape): readonly Shape[] => {
  let list = single.get(shape);
  if (!list) single.set(shape, (list = [shape]));
  return list;
};

import type { AnnotationDocument, Change } from "../contract";
import { applyChanges, inverse, sameJson } from "./document";

interface Step { readonly redo: readonly Change[]; readonly undo: readonly Change[] }

/** The document of one task with all its steps. Nothing of another task can be undone here. */
export class History {
  #document: AnnotationDocument;
  #past: Step[] = [];
  #future: Step[] = [];

  constructor(document: AnnotationDocument) {
    this.#document = document;
  }

  get document(): AnnotationDocument { return this.#document; }
  get canUndo(): boolean { return this.#past.length > 0; }
  get canRedo(): boolean { return this.#future.length > 0; }

  /** Returns the changes that were made; none when the document stays the same. */
  do(changes: readonly Change[]): readonly Change[] {
    const undo = inverse(this.#document, changes);
    const next = applyChanges(this.#document, changes);
    if (sameStep(undo, changes)) return [];
    this.#past.push({ redo: changes, undo });
    this.#future = [];
    this.#document = next;
    return changes;
  }

  undo(): readonly Change[] {
    const step = this.#past.pop();
    if (!step) return [];
    this.#future.push(step);
    this.#document = applyChanges(this.#document, step.undo);
    return step.undo;
  }

  redo(): readonly Change[] {
    const step = this.#future.pop();
    if (!step) return [];
    this.#past.push(step);
    this.#document = applyChanges(this.#document, step.redo);
    return step.redo;
  }

  /** Someone else's revision came in below our steps; ours stay undoable on top of it. */
  replaceDocument(document: AnnotationDocument): void {
    this.#document = document;
  }
}

const sameStep = (undo: readonly Change[], redo: readonly Change[]): boolean =>
  undo.length === 0 || (undo.length === redo.length && undo.every((change, index) => {
    const other = redo[redo.length - 1 - index]!;
    return change.type === "remove" ? sameJson(change, other) : sameJson(change, other) || (change.type === "put" && other.type === "put" && sameJson(change.shape, other.shape));
  }));

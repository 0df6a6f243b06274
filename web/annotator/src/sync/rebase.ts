import type { AnnotationDocument, Change, Operation, Shape } from "../contract";
import { applyChanges, sameJson } from "../model/document";

export interface Rebased {
  readonly operations: readonly Operation[];
  readonly document: AnnotationDocument;
  /** Shapes that both sides changed: theirs keeps the id, ours stands beside it under a new one. */
  readonly copies: number;
}

/** Lays our operations on top of someone else's revision. Nothing of either side is dropped. */
export function rebase(base: AnnotationDocument, theirs: AnnotationDocument, operations: readonly Operation[], newId: () => string): Rebased {
  const find = (document: AnnotationDocument, id: string): Shape | undefined => document.shapes.find((shape) => shape.id === id);
  const ours = operations.flatMap((operation) => operation.changes);
  const renamed = new Map<string, string>();
  const contested = new Set<string>();
  for (const id of new Set(ours.flatMap((change) => (change.type === "put" ? [change.shape.id] : change.type === "remove" ? [change.shapeId] : [])))) {
    const before = find(base, id), now = find(theirs, id);
    if (sameJson(before, now)) continue;
    // The server may hold a version of ours already, when only its acknowledgement was lost.
    const isOurs = ours.some((change) => (change.type === "put" ? change.shape.id === id && sameJson(change.shape, now) : change.type === "remove" && change.shapeId === id && now === undefined));
    if (!isOurs) contested.add(id);
  }

  const rebaseChange = (change: Change): Change[] => {
    if (change.type === "put" && contested.has(change.shape.id)) {
      const id = renamed.get(change.shape.id) ?? newId();
      renamed.set(change.shape.id, id);
      return [{ type: "put", shape: { ...change.shape, id } }];
    }
    if (change.type === "remove" && contested.has(change.shapeId)) {
      // We removed what they went on working on: theirs stays, a copy of ours goes.
      const copy = renamed.get(change.shapeId);
      return copy ? [{ type: "remove", shapeId: copy }] : [];
    }
    if (change.type === "verdict" && change.verdict !== "defects" && theirs.shapes.length > 0) return [];
    return [change];
  };

  const rebased = operations.flatMap((operation): Operation[] => {
    const changes = operation.changes.flatMap(rebaseChange);
    if (changes.length === 0) return [];
    return sameJson(changes, operation.changes) ? [operation] : [{ ...operation, id: newId(), changes }];
  });
  return { operations: rebased, document: applyChanges(theirs, rebased.flatMap((operation) => operation.changes)), copies: renamed.size };
}

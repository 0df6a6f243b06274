import type { AnnotationDocument, Change } from "../contract";

export const emptyDocument: AnnotationDocument = { shapes: [], tags: [], values: {}, verdict: null };

export function applyChange(document: AnnotationDocument, change: Change): AnnotationDocument {
  switch (change.type) {
    case "put": {
      const at = document.shapes.findIndex((shape) => shape.id === change.shape.id);
      const shapes = [...document.shapes];
      if (at >= 0) shapes[at] = change.shape;
      else shapes.splice(Math.min(change.index ?? shapes.length, shapes.length), 0, change.shape);
      return { ...document, shapes };
    }
    case "remove": return { ...document, shapes: document.shapes.filter((shape) => shape.id !== change.shapeId) };
    case "tags": return { ...document, tags: change.tags };
    case "value": {
      const values = { ...document.values };
      if (change.value === null) delete values[change.name];
      else values[change.name] = change.value;
      return { ...document, values };
    }
    case "verdict": return { ...document, verdict: change.verdict };
  }
}

export const applyChanges = (document: AnnotationDocument, changes: readonly Change[]): AnnotationDocument => changes.reduce(applyChange, document);

/** What brings the document back to what it was before `changes`. */
export function inverse(before: AnnotationDocument, changes: readonly Change[]): Change[] {
  const undo: Change[] = [];
  let current = before;
  for (const change of changes) {
    undo.unshift(inverseOf(current, change));
    current = applyChange(current, change);
  }
  return undo;
}

function inverseOf(document: AnnotationDocument, change: Change): Change {
  switch (change.type) {
    case "put": {
      const old = document.shapes.find((shape) => shape.id === change.shape.id);
      return old ? { type: "put", shape: old } : { type: "remove", shapeId: change.shape.id };
    }
    case "remove": {
      const index = document.shapes.findIndex((shape) => shape.id === change.shapeId);
      return index < 0 ? change : { type: "put", shape: document.shapes[index]!, index };
    }
    case "tags": return { type: "tags", tags: document.tags };
    case "value": return { type: "value", name: change.name, value: document.values[change.name] ?? null };
    case "verdict": return { type: "verdict", verdict: document.verdict };
  }
}

/** Equal as JSON values, whatever the order of keys. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null || Array.isArray(a) !== Array.isArray(b)) return false;
  const left = Object.entries(a).filter(([, value]) => value !== undefined);
  const right = Object.entries(b).filter(([, value]) => value !== undefined);
  return left.length === right.length && left.every(([key, value]) => sameJson(value, (b as Record<string, unknown>)[key]));
}

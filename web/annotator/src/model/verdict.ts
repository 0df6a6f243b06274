import type { AnnotationDocument, Change } from "../contract";
import { applyChanges } from "./document";

/** Drawing a shape answers "defects"; taking the last one away leaves the question open again. Never answers "no defect" by itself. */
export function withVerdict(document: AnnotationDocument, changes: readonly Change[]): readonly Change[] {
  if (changes.some((change) => change.type === "verdict")) return changes;
  const after = applyChanges(document, changes);
  if (after.shapes.length > 0 && document.verdict !== "defects") return [...changes, { type: "verdict", verdict: "defects" }];
  if (after.shapes.length === 0 && document.shapes.length > 0 && document.verdict === "defects") return [...changes, { type: "verdict", verdict: null }];
  return changes;
}

import assert from "node:assert/strict";
import { test } from "node:test";
import type { AnnotationDocument, Change } from "../../src/contract";
import { applyChanges, emptyDocument, inverse } from "../../src/model/document";
import { History } from "../../src/model/history";
import { withVerdict } from "../../src/model/verdict";
import { random } from "../../demo/pictures";
import { box } from "../fixture";

function randomChanges(document: AnnotationDocument, next: () => number, id: () => string): Change[] {
  const pick = document.shapes[Math.floor(next() * document.shapes.length)];
  const kind = next();
  if (kind < 0.4 || !pick) return [{ type: "put", shape: box(id(), next() * 500, next() * 500) }];
  if (kind < 0.6) return [{ type: "remove", shapeId: pick.id }];
  if (kind < 0.8) return [{ type: "put", shape: box(pick.id, next() * 500) }, { type: "tags", tags: [id()] }];
  if (kind < 0.9) return [{ type: "value", name: "v", value: next() < 0.3 ? null : next() }];
  return [{ type: "remove", shapeId: pick.id }, { type: "put", shape: pick }, { type: "verdict", verdict: "defects" }];
}

test("Any number of steps can be undone to the very document of the start, order included, and redone to the end", () => {
  const next = random(1);
  let number = 0;
  const start = { ...emptyDocument, shapes: [box("a"), box("b"), box("c")] };
  const history = new History(start);
  for (let step = 0; step < 400; step++) history.do(randomChanges(history.document, next, () => `s${number++}`));
  const end = history.document;
  while (history.canUndo) history.undo();
  assert.deepEqual(history.document, start);
  while (history.canRedo) history.redo();
  assert.deepEqual(history.document, end);
});

test("Applying changes and their inverse gives the document back, and applying changes twice is applying them once", () => {
  const next = random(2);
  let document: AnnotationDocument = { ...emptyDocument, shapes: [box("a"), box("b")] };
  for (let step = 0; step < 200; step++) {
    const changes = randomChanges(document, next, () => `t${step}`);
    const after = applyChanges(document, changes);
    assert.deepEqual(applyChanges(after, inverse(document, changes)), document);
    if (changes.length === 1) assert.deepEqual(applyChanges(after, changes), after);
    document = after;
  }
});

test("A step that changes nothing is no step, and a new step ends redo", () => {
  const history = new History({ ...emptyDocument, shapes: [box("a")] });
  assert.deepEqual(history.do([{ type: "put", shape: box("a") }]), []);
  assert.equal(history.canUndo, false);
  history.do([{ type: "put", shape: box("b") }]);
  history.undo();
  assert.equal(history.canRedo, true);
  history.do([{ type: "put", shape: box("c") }]);
  assert.equal(history.canRedo, false);
});

test("The first shape answers defects, the last one's removal opens the question again, no defect is never answered by itself", () => {
  const drawn = applyChanges(emptyDocument, withVerdict(emptyDocument, [{ type: "put", shape: box("a") }]));
  assert.equal(drawn.verdict, "defects");
  assert.equal(applyChanges(drawn, withVerdict(drawn, [{ type: "remove", shapeId: "a" }])).verdict, null);
  const answered = { ...emptyDocument, verdict: "no_defect" as const };
  assert.equal(applyChanges(answered, withVerdict(answered, [{ type: "put", shape: box("a") }])).verdict, "defects");
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { commandNames, commandRows, type Command } from "../src/tools/commands";
import { pointAt, sessionWith, box, surroundings, stateSetups } from "./fixture";
import { run } from "../src/tools/run";
import { operationNames, ruleFor, stateNames, type Operation, type Rule } from "../src/tools/table";
import { move } from "../src/tools/pointer";

// The table once more, written by hand from the specification: a changed cell in the code must be changed here knowingly.
const specification: Record<Operation, string> = {
  //            idle box    rotated extreme path   brush  move   resize area
  view:        "do   do     do     do     do     do     do     do     do",
  chooseTool:  "do   c-then c-then c-then f-then f-then f-then f-then c-then",
  chooseClass: "do   do     do     do     do     do     -      -      -",
  undo:        "do   back   back   back   back   cancel cancel cancel cancel",
  redo:        "do   -      -      -      -      -      -      -      -",
  remove:      "do   back   back   back   back   -      -      -      -",
  nudge:       "do   do     do     do     do     do     -      -      -",
  resizeKeys:  "do   -      -      -      -      -      -      -      -",
  copy:        "do   -      -      -      -      -      -      -      -",
  insert:      "do   c-then c-then c-then f-then -      -      -      -",
  walk:        "do   c-then c-then c-then f-then -      -      -      -",
  mark:        "do   -      -      -      -      -      -      -      -",
  cancel:      "do   cancel cancel cancel cancel cancel cancel cancel cancel",
  confirm:     "do   do     do     do     do     finish finish finish finish",
  answer:      "do   refuse refuse refuse refuse f-then f-then f-then c-then",
};
const words: Record<string, Rule> = { "do": "do", "-": "ignore", "c-then": "cancelThen", "f-then": "finishThen", back: "back", cancel: "cancel", finish: "finish", refuse: "refuse" };

test("Every operation has a rule for every state, and it is the specified one", () => {
  assert.deepEqual(Object.keys(specification).sort(), [...operationNames].sort());
  for (const operation of operationNames) {
    const cells = specification[operation].split(/\s+/);
    assert.equal(cells.length, stateNames.length, operation);
    stateNames.forEach((state, index) => assert.equal(ruleFor(state, operation), words[cells[index]!], `${operation} in ${state}`));
  }
});

/** One command a row that has a visible effect on the prepared session. */
const samples: Record<Operation, Command> = {
  view: "view.in", chooseTool: "tool.polygon", chooseClass: "class.2", undo: "undo", redo: "redo", remove: "remove", nudge: "nudge.right", resizeKeys: "resize.wider",
  copy: "copy", insert: "duplicate", walk: "select.next", mark: "lock", cancel: "cancel", confirm: "confirm", answer: "submit",
};

test("Every operation has a command that shows its rule", () => {
  for (const operation of operationNames) assert.equal(commandRows[samples[operation]], operation);
  assert.ok(commandNames.every((command) => operationNames.includes(commandRows[command])));
});

for (const state of stateNames) {
  for (const operation of operationNames) {
    const rule = ruleFor(state, operation);
    test(`${operation} in state ${state}: ${rule}`, () => {
      const session = stateSetups[state]();
      assert.equal(session.gesture.state, state);
      const document = session.document, gesture = session.gesture;
      const around = surroundings();
      const happened = run(session, samples[operation], around);

      switch (rule) {
        case "ignore":
          assert.equal(happened, false);
          assert.equal(session.document, document);
          assert.equal(session.gesture, gesture);
          break;
        case "refuse":
          assert.equal(happened, false);
          assert.equal(session.document, document);
          assert.equal(session.gesture, gesture);
          assert.deepEqual(around.messages, ["finishShapeFirst"]);
          assert.deepEqual(around.requests, []);
          break;
        case "cancel":
          assert.equal(session.gesture.state, "idle");
          assert.equal(session.document, document);
          break;
        case "cancelThen":
          assert.equal(session.gesture.state, "idle");
          assert.ok(operation === "insert" || session.document === document, "what was half drawn must not enter the document");
          assert.ok(happened || operation === "insert");
          break;
        case "finishThen":
          assert.equal(session.gesture.state, "idle");
          assert.notEqual(session.document, document, "the gesture's work must enter the document");
          break;
        case "finish":
          assert.equal(session.gesture.state, "idle");
          if (state === "area") assert.equal(session.document, document);
          else assert.notEqual(session.document, document);
          break;
        case "back":
          assert.equal(session.document, document);
          assert.notEqual(session.gesture, gesture);
          if (state === "box") assert.equal(session.gesture.state, "idle");
          break;
        case "do":
          if (operation === "nudge" && state !== "idle") assert.equal(session.gesture.state, state);
          else if (["view", "chooseClass"].includes(operation)) assert.equal(session.gesture.state, state);
          assert.ok(happened || operation === "redo" || (operation === "confirm" && !session.cursorByKeys), `${operation} must do something`);
          break;
      }
      assert.ok(session.document.shapes.every((shape) => shape.id !== "draft"), "a draft's provisional id must never reach the document");
    });
  }
}

test("Reading only: no operation of any row changes the document, and looking around still works", () => {
  for (const command of commandNames) {
    const session = sessionWith({ shapes: [box("a")], readOnly: true });
    session.select(["a"]);
    const document = session.document;
    run(session, command, surroundings());
    assert.equal(session.document, document, command);
  }
  const session = sessionWith({ shapes: [box("a")], readOnly: true });
  const scale = session.viewport.scale;
  assert.ok(run(session, "view.in", surroundings()));
  assert.ok(session.viewport.scale > scale);
  assert.ok(run(session, "select.next", surroundings()));
  assert.deepEqual(session.selection, ["a"]);
});

test("Panning and zooming in the middle of a drawing leave its placed points where they are on the image", () => {
  const session = stateSetups.path();
  const before = session.gesture.state === "path" ? session.gesture.points : [];
  run(session, "view.in", surroundings());
  move(session, pointAt(300, 310));
  assert.deepEqual(session.gesture.state === "path" ? session.gesture.points : null, before satisfies readonly (readonly [number, number])[]);
});


import assert from "node:assert/strict";
import { test } from "node:test";
import { run } from "../../src/tools/run";
import { box, sessionWith, surroundings } from "../fixture";

const classes = [{ name: "good", color: "#00ff00" }, { name: "scratched", color: "#ff0000" }];

test("Where nothing may be drawn, a digit says what the whole image is and takes it back", () => {
  const session = sessionWith({ task: { kinds: [], classes, tagClasses: ["good", "scratched"] } });
  run(session, "class.2", surroundings());
  assert.deepEqual(session.document.tags, ["scratched"]);
  run(session, "class.1", surroundings());
  assert.deepEqual(session.document.tags, ["good", "scratched"]);
  run(session, "class.2", surroundings());
  assert.deepEqual(session.document.tags, ["good"]);
  run(session, "undo", surroundings());
  assert.deepEqual(session.document.tags, ["good", "scratched"]);
});

test("Where shapes may be drawn too, a digit is the class of shapes", () => {
  const session = sessionWith({ task: { classes, tagClasses: ["good", "scratched"] } });
  run(session, "class.2", surroundings());
  assert.deepEqual(session.document.tags, []);
  assert.equal(session.label, "scratched");
});

test("An image whose values are asked for is not submitted without all of them", () => {
  const session = sessionWith({ shapes: [box("a")], task: { values: [{ name: "coverage", minimum: 0, maximum: 100 }, { name: "depth" }] } });
  const around = surroundings();
  session.commit([{ type: "value", name: "coverage", value: 12 }]);
  run(session, "submit", around);
  assert.deepEqual([around.messages, around.requests], [["valuesFirst"], []]);
  session.commit([{ type: "value", name: "depth", value: 0 }]);
  run(session, "submit", around);
  assert.deepEqual(around.requests, [{ type: "submit" }]);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Shape } from "../../src/contract";
import { patchOf } from "../../src/geometry/mask";
import type { Tool } from "../../src/tools/gesture";
import { move, press, release } from "../../src/tools/pointer";
import { run } from "../../src/tools/run";
import type { Session } from "../../src/tools/session";
import { box, pointAt, sessionWith, surroundings } from "../fixture";

const withTool = (tool: Tool, shapes: readonly Shape[] = []): Session => {
  const session = sessionWith({ shapes });
  session.tool = tool;
  return session;
};
const click = (session: Session, x: number, y: number): void => {
  move(session, pointAt(x, y));
  press(session, pointAt(x, y));
  release(session, pointAt(x, y));
};
const drag = (session: Session, x1: number, y1: number, x2: number, y2: number): void => {
  press(session, pointAt(x1, y1));
  move(session, pointAt(x2, y2));
  release(session, pointAt(x2, y2));
};
const only = (session: Session): Shape => {
  assert.equal(session.document.shapes.length, 1);
  return session.document.shapes[0]!;
};
const keys = (session: Session, ...commands: Parameters<typeof run>[1][]): void => commands.forEach((command) => run(session, command, surroundings()));

test("A box is drawn by two clicks", () => {
  const session = withTool("box");
  click(session, 300, 200);
  click(session, 250, 280);
  assert.deepEqual((only(session) as { box: unknown }).box, [250, 200, 50, 80]);
  assert.equal(session.tool, "box", "the tool stays");
});

test("The same box is drawn by dragging, and it carries its author", () => {
  const session = withTool("box");
  drag(session, 300, 200, 250, 280);
  const { id: _, ...shape } = only(session);
  assert.deepEqual(shape, { kind: "box", label: "open", attributes: {}, createdBy: "ana", box: [250, 200, 50, 80] });
});

test("A click that trembles is a click, not a tiny box", () => {
  const session = withTool("box");
  drag(session, 300, 200, 302, 201);
  assert.equal(session.document.shapes.length, 0);
  assert.equal(session.gesture.state, "box");
});

test("Four extreme points give the box around them, in any order", () => {
  const session = withTool("extreme");
  for (const [x, y] of [[320, 240], [250, 260], [270, 200], [280, 300]] as const) click(session, x, y);
  assert.deepEqual((only(session) as { box: unknown }).box, [250, 200, 70, 100]);
});

test("A rotated box follows its first side and the distance of the third point", () => {
  const session = withTool("rotatedBox");
  click(session, 100, 100);
  click(session, 100, 200);
  click(session, 60, 150);
  assert.deepEqual((only(session) as { rotatedBox: unknown }).rotatedBox, [80, 150, 100, 40, 90]);
});

test("A polygon closes on its first point, on Enter, and on a double click", () => {
  for (const end of ["first", "enter", "double"] as const) {
    const session = withTool("polygon");
    for (const [x, y] of [[100, 100], [200, 100], [200, 200]] as const) click(session, x, y);
    if (end === "first") click(session, 102, 101);
    if (end === "enter") keys(session, "confirm");
    if (end === "double") click(session, 200, 200);
    assert.deepEqual((only(session) as { rings: unknown }).rings, [[[100, 100], [200, 100], [200, 200]]], end);
  }
});

test("Delete takes back the last point of a polygon, Escape all of it", () => {
  const session = withTool("polygon");
  for (const [x, y] of [[100, 100], [200, 100], [200, 200], [150, 250]] as const) click(session, x, y);
  keys(session, "remove", "confirm");
  assert.equal((only(session) as Extract<Shape, { kind: "polygon" }>).rings[0]!.length, 3);
  click(session, 600, 600);
  keys(session, "cancel");
  assert.equal(session.document.shapes.length, 1);
});

test("The brush makes one mask, paints on in the selected one, and the eraser that takes all of it removes the shape", () => {
  const session = withTool("brush");
  drag(session, 100, 100, 150, 100);
  const first = only(session);
  drag(session, 150, 100, 150, 150);
  const painted = only(session);
  assert.equal(painted.id, first.id);
  assert.ok(painted.kind === "mask" && patchOf(painted.mask).height > 50);
  session.tool = "eraser";
  session.brushRadius = 200;
  drag(session, 125, 125, 130, 125);
  assert.equal(session.document.shapes.length, 0);
  keys(session, "undo");
  assert.deepEqual(only(session), painted);
});

test("The class may be chosen by its key before, during and after drawing", () => {
  const session = withTool("box");
  keys(session, "class.2");
  click(session, 100, 100);
  keys(session, "class.3");
  click(session, 200, 200);
  assert.equal(only(session).label, "spur");
  keys(session, "class.1");
  assert.equal(only(session).label, "open");
});

test("A key no class has says so and changes nothing", () => {
  const session = withTool("box", [box("a")]);
  const around = surroundings();
  assert.equal(run(session, "class.9", around), false);
  assert.deepEqual(around.messages, ["noSuchClass"]);
});

test("Arrow keys nudge by 1 and 10, Alt resizes, and all of it can be undone step by step", () => {
  const session = withTool("select", [box("a")]);
  session.select(["a"]);
  keys(session, "nudge.right", "nudge.down.far", "resize.wider.far", "resize.lower");
  assert.deepEqual((only(session) as { box: unknown }).box, [101, 110, 90, 59]);
  keys(session, "undo", "undo", "undo", "undo");
  assert.deepEqual(only(session), box("a"));
});

test("With arrow keys and Enter alone a box can be drawn", () => {
  const session = withTool("box");
  keys(session, "nudge.right", "confirm", "nudge.right.far", "nudge.down.far", "nudge.down.far", "confirm");
  assert.deepEqual((only(session) as { box: unknown }).box, [501, 400, 10, 20]);
});

test("With arrow keys and Enter alone a polygon can be drawn and closed", () => {
  const session = withTool("polygon");
  keys(session, "nudge.right", "confirm", "nudge.right.far", "confirm", "nudge.down.far", "confirm", "confirm");
  assert.deepEqual((only(session) as { rings: unknown }).rings, [[[501, 400], [511, 400], [511, 410]]]);
});

test("Copies stand beside the original, at the same place on another image, and never carry a model's score", () => {
  const session = withTool("select", [{ ...box("a"), score: 0.9 }]);
  session.select(["a"]);
  keys(session, "copy", "paste");
  const [, copy] = session.document.shapes;
  assert.deepEqual((copy as { box: unknown }).box, [112, 112, 80, 60]);
  assert.equal(copy!.score, undefined);
  const other = withTool("select");
  keys(other, "paste");
  assert.deepEqual((only(other) as { box: unknown }).box, [100, 100, 80, 60]);
});

test("The previous image's shapes are repeated under new ids", () => {
  const session = sessionWith({ task: { previous: { shapes: [box("p"), box("q", 300)], tags: [], values: {}, verdict: "defects" } } });
  keys(session, "repeat");
  assert.equal(session.document.shapes.length, 2);
  assert.ok(session.document.shapes.every((shape) => !["p", "q"].includes(shape.id)));
});

test("Locked and hidden shapes cannot be moved or hit", () => {
  const session = withTool("select", [box("a"), box("b", 400)]);
  session.select(["a"]);
  keys(session, "lock", "nudge.right", "remove");
  assert.deepEqual(session.document.shapes[0], box("a"));
  session.select(["b"]);
  keys(session, "hide");
  press(session, pointAt(430, 130));
  assert.equal(session.gesture.state, "area");
});

test("No defect is refused while shapes are there, and submitting without an answer is refused", () => {
  const session = withTool("box", [box("a")]);
  const around = surroundings();
  run(session, "noDefect", around);
  session.select(["a"]);
  run(session, "remove", around);
  run(session, "submit", around);
  run(session, "noDefect", around);
  run(session, "submit", around);
  assert.deepEqual(around.messages, ["removeShapesFirst", "answerFirst", "noDefectSet"]);
  assert.deepEqual(around.requests, [{ type: "submit" }]);
  assert.equal(session.document.verdict, "no_defect");
});

test("A campaign's kinds limit the tools", () => {
  const session = sessionWith({ task: { kinds: ["box"] } });
  const around = surroundings();
  run(session, "tool.polygon", around);
  run(session, "tool.extreme", around);
  assert.deepEqual([around.messages, session.tool], [["kindNotAllowed"], "extreme"]);
});

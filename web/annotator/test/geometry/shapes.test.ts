import assert from "node:assert/strict";
import { test } from "node:test";
import type { Shape } from "../../src/contract";
import { dragHandle, handleAt, handlesOf, removeVertex, resizeBy } from "../../src/geometry/handles";
import { imagePoint, rotate, viewPoint } from "../../src/geometry/points";
import { boundsOf, hitDistance, translate } from "../../src/geometry/shapes";
import { ShapeIndex } from "../../src/geometry/shapeIndex";
import { fit, keepInSight, toImage, toView, zoomAt } from "../../src/geometry/viewport";
import { random, randomBoxes } from "../../demo/pictures";
import { box } from "../fixture";

const size = { width: 1000, height: 800 };
const base = { id: "s", label: "open", attributes: {} };
const polygon: Shape = { ...base, kind: "polygon", rings: [[[100, 100], [200, 100], [200, 200], [100, 200]], [[140, 140], [160, 140], [160, 160], [140, 160]]] };
const rotated: Shape = { ...base, kind: "rotatedBox", rotatedBox: [300, 300, 100, 40, 90] };

test("A quarter turn clockwise on the screen takes right to down", () => {
  const turned = rotate(imagePoint(1, 0), imagePoint(0, 0), 90);
  assert.ok(Math.abs(turned.x) < 1e-12 && Math.abs(turned.y - 1) < 1e-12);
});

test("A box turned by 90 degrees covers its width downwards", () => {
  const { x1, y1, x2, y2 } = boundsOf(rotated);
  assert.deepEqual([x1, y1, x2, y2].map((value) => Math.round(value * 1e6) / 1e6), [280, 250, 320, 350]);
});

test("The hole of a polygon is outside it, its rim is in reach", () => {
  assert.equal(hitDistance(polygon, imagePoint(120, 120), 0), 0);
  assert.equal(hitDistance(polygon, imagePoint(150, 150), 2), Infinity);
  assert.equal(hitDistance(polygon, imagePoint(142, 150), 2), 2);
  assert.equal(hitDistance(polygon, imagePoint(201.5, 150), 2), 1.5);
});

test("Zooming keeps the image point under the cursor where it is", () => {
  const anchor = viewPoint(420, 310);
  const view = fit(size, { width: 900, height: 700 });
  const zoomed = zoomAt(view, anchor, 3.7);
  assert.ok(Math.abs(toImage(view, anchor).x - toImage(zoomed, anchor).x) < 1e-9);
  assert.ok(Math.abs(toView(zoomed, toImage(view, anchor)).y - anchor.y) < 1e-9);
});

test("The image can never be panned out of sight", () => {
  const lost = keepInSight({ scale: 0.5, offsetX: -9999, offsetY: 9999 }, size, { width: 900, height: 700 });
  assert.deepEqual([lost.offsetX + size.width * 0.5, lost.offsetY], [48, 652]);
});

test("Moving a shape stops at the image's border and keeps its size", () => {
  assert.deepEqual(translate(box("a"), -500, 700, size), box("a", 0, 740));
  assert.deepEqual(boundsOf(translate(polygon, 2000, 0, size)), { x1: 900, y1: 100, x2: 1000, y2: 200 });
});

test("Dragging a side beyond the other turns the box over and never makes it empty", () => {
  const right = { type: "side", sx: 1, sy: 0 } as const;
  assert.deepEqual((dragHandle(box("a"), right, imagePoint(40, 0), size) as { box: unknown }).box, [40, 100, 60, 60]);
  assert.deepEqual((dragHandle(box("a"), right, imagePoint(100, 0), size) as { box: unknown }).box, [100, 100, 1, 60]);
});

test("Dragging one side of a rotated box leaves the opposite side where it was", () => {
  const shape: Shape = { ...base, kind: "rotatedBox", rotatedBox: [300, 300, 100, 40, 30] };
  const left = handlesOf(shape, 20).find(({ handle }) => handle.type === "side" && handle.sx === -1 && handle.sy === 0)!.at;
  const dragged = dragHandle(shape, { type: "side", sx: 1, sy: 0 }, imagePoint(420, 380), size);
  const still = handlesOf(dragged, 20).find(({ handle }) => handle.type === "side" && handle.sx === -1 && handle.sy === 0)!.at;
  assert.ok(Math.hypot(left.x - still.x, left.y - still.y) < 0.01);
});

test("The rotation handle follows the pointer and snaps to 15 degrees on request", () => {
  const turn = (snap: boolean): number => (dragHandle(rotated, { type: "rotate" }, imagePoint(352, 298), size, snap) as Extract<Shape, { kind: "rotatedBox" }>).rotatedBox[4];
  assert.ok(Math.abs(turn(false) - 87.8) < 0.05);
  assert.equal(turn(true), 90);
});

test("Corners win over edges, edges are handles along their whole length", () => {
  assert.deepEqual(handleAt(box("a"), imagePoint(101, 101), 8, 20), { type: "side", sx: -1, sy: -1 });
  assert.deepEqual(handleAt(box("a"), imagePoint(120, 160), 8, 20), { type: "side", sx: 0, sy: 1 });
  assert.equal(handleAt(box("a"), imagePoint(140, 120), 8, 20), null);
});

test("A polygon's edge gives a new vertex, and a triangle keeps its three", () => {
  const insert = handleAt(polygon, imagePoint(150, 100), 8, 20)!;
  assert.deepEqual(insert, { type: "insert", ring: 0, index: 0 });
  const more = dragHandle(polygon, insert, imagePoint(150, 80), size) as Extract<Shape, { kind: "polygon" }>;
  assert.deepEqual(more.rings[0]![1], [150, 80]);
  assert.equal((removeVertex(more, { type: "vertex", ring: 0, index: 1 }) as typeof more).rings[0]!.length, 4);
  const triangle: Shape = { ...base, kind: "polygon", rings: [[[0, 0], [9, 0], [0, 9]]] };
  assert.equal(removeVertex(triangle, { type: "vertex", ring: 0, index: 1 }), null);
});

test("Keyboard resizing stops at one pixel and at the image's border", () => {
  assert.deepEqual((resizeBy(box("a"), -500, 5000, size) as { box: unknown }).box, [100, 100, 1, 700]);
});

test("The index finds exactly what a scan of all shapes finds, also after moves and removals", () => {
  const next = random(3);
  let shapes: readonly Shape[] = randomBoxes(600, 1000, 800, ["open"]);
  const index = new ShapeIndex();
  for (let round = 0; round < 20; round++) {
    index.update(shapes);
    const rect = { x1: next() * 900, y1: next() * 700, x2: 0, y2: 0 };
    const part = { ...rect, x2: rect.x1 + next() * 300, y2: rect.y1 + next() * 300 };
    const expected = shapes.filter((shape) => {
      const b = boundsOf(shape);
      return b.x1 <= part.x2 && part.x1 <= b.x2 && b.y1 <= part.y2 && part.y1 <= b.y2;
    });
    assert.deepEqual(index.within(part).map((shape) => shape.id), expected.map((shape) => shape.id));
    shapes = shapes.filter((_, at) => at % 37 !== round).map((shape, at) => (at % 11 === 0 ? translate(shape, next() * 40 - 20, next() * 40 - 20, size) : shape));
  }
});

test("A click on shapes inside each other takes the smallest", () => {
  const index = new ShapeIndex();
  index.update([box("small", 120, 120, 20, 20), box("large")]);
  assert.equal(index.at(imagePoint(130, 130), 4, () => true)?.id, "small");
  assert.equal(index.at(imagePoint(170, 150), 4, () => true)?.id, "large");
});

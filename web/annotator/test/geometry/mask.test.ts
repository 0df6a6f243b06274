import assert from "node:assert/strict";
import { test } from "node:test";
import { covers, emptyPatch, encode, patchOf, shift, stroke, type MaskPatch } from "../../src/geometry/mask";
import { imagePoint } from "../../src/geometry/points";
import { compressRuns, expandRuns } from "../../src/geometry/rle";
import { random } from "../../demo/pictures";

const size = { width: 37, height: 23 };

/** Column by column, as the COCO format has it. */
function runsOf(at: (x: number, y: number) => boolean): number[] {
  const runs: number[] = [];
  let value = false, run = 0;
  for (let x = 0; x < size.width; x++) {
    for (let y = 0; y < size.height; y++) {
      if (at(x, y) !== value) {
        runs.push(run);
        value = !value;
        run = 0;
      }
      run++;
    }
  }
  return [...runs, run];
}

// Worked by hand from maskApi.c: 6 -> "6"; 1 -> "1"; 40 -> low five bits 8 with "more" (8|32)+48 = "X", then 1 -> "1";
// the fourth number is written as its difference to the second: 5 - 1 = 4; a difference of -35 is (29|32)+48 = "m", then -2&31 = 30+48 = "N".
test("Run lengths compress as maskApi.c writes them", () => {
  assert.equal(compressRuns([6, 1, 40, 5, 5]), "61X14mN");
  assert.deepEqual(expandRuns("61X14mN"), [6, 1, 40, 5, 5]);
});

test("Any run lengths survive compression, up to those of a 16k × 16k image", () => {
  const next = random(11);
  for (let round = 0; round < 200; round++) {
    const runs = Array.from({ length: 1 + Math.floor(next() * 12) }, () => Math.floor(next() ** 4 * 268_435_456));
    assert.deepEqual(expandRuns(compressRuns(runs)), runs);
  }
});

test("Broken run lengths are refused with a sentence", () => {
  assert.throws(() => expandRuns("X"), /end in the middle/);
  assert.throws(() => expandRuns("6\u0001"), /character that COCO does not use/);
});

test("Random masks are written column by column and read back the same", () => {
  const next = random(5);
  for (let round = 0; round < 50; round++) {
    const filled = new Set<number>();
    for (let i = 0; i < next() * 300; i++) filled.add(Math.floor(next() * size.width * size.height));
    const at = (x: number, y: number): boolean => filled.has(y * size.width + x);
    const whole: MaskPatch = { x: 0, y: 0, width: size.width, height: size.height, data: Uint8Array.from({ length: size.width * size.height }, (_, i) => (filled.has(i) ? 1 : 0)) };
    const mask = encode(whole, size);
    assert.deepEqual(expandRuns(mask.counts), runsOf(at));
    const back = patchOf(mask);
    for (let x = 0; x < size.width; x++) for (let y = 0; y < size.height; y++) assert.equal(covers(back, imagePoint(x + 0.5, y + 0.5)), at(x, y));
  }
});

test("A stroke paints the pixels whose centres it covers, and erasing the same stroke leaves nothing", () => {
  const a = imagePoint(5, 5), b = imagePoint(20, 5);
  const painted = stroke(emptyPatch, a, b, 2, 1, size);
  const count = (patch: MaskPatch): number => patch.data.reduce((sum, value) => sum + value, 0);
  let expected = 0;
  for (let x = 0; x < size.width; x++) {
    for (let y = 0; y < size.height; y++) {
      const nearest = Math.min(20, Math.max(5, x + 0.5));
      if (Math.hypot(x + 0.5 - nearest, y + 0.5 - 5) <= 2) expected++;
    }
  }
  assert.equal(count(painted), expected);
  assert.equal(count(stroke(painted, a, b, 2, 0, size)), 0);
});

test("A stroke at the border stays in the image", () => {
  const painted = stroke(emptyPatch, imagePoint(36, 22), imagePoint(80, 60), 4, 1, size);
  assert.ok(painted.x + painted.width <= size.width && painted.y + painted.height <= size.height);
});

test("Moving a mask moves every pixel; what leaves the image is cut off", () => {
  const patch = patchOf(encode(stroke(emptyPatch, imagePoint(10, 10), imagePoint(12, 10), 3, 1, size), size));
  const moved = shift(patch, 4, -2, size);
  for (let x = 4; x < size.width; x++) for (let y = 0; y < size.height - 2; y++) assert.equal(covers(moved, imagePoint(x, y)), covers(patch, imagePoint(x - 4, y + 2)));
  assert.equal(shift(patch, 100, 0, size).width, 0);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { Bindings, chordOf } from "../src/element/bindings";
import { inkOn } from "../src/render/palette";
import { noFilters, toneCurve } from "../src/render/filters";
import { mapFromPixels, mapPixels } from "../src/render/localContrast";
import { levelFor } from "../src/render/imageLayer";
import { differences, findings } from "../src/review/compare";
import { en } from "../src/strings/en";
import { fr } from "../src/strings/fr";
import { commandNames } from "../src/tools/commands";
import { emptyDocument } from "../src/model/document";
import { box } from "./fixture";

const memory = (): Pick<Storage, "getItem" | "setItem" | "removeItem"> => {
  const map = new Map<string, string>();
  return { getItem: (key) => map.get(key) ?? null, setItem: (key, value) => void map.set(key, value), removeItem: (key) => void map.delete(key) };
};
const key = (text: string, code: string, more: object = {}): Parameters<typeof chordOf>[0] => ({ key: text, code, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more });

test("Every command has a key, no key has two commands, every command has a name in both languages", () => {
  const bindings = new Bindings(null);
  const all = commandNames.flatMap((command) => bindings.chords(command));
  assert.deepEqual(commandNames.filter((command) => bindings.chords(command).length === 0), []);
  assert.equal(new Set(all).size, all.length);
  assert.deepEqual(commandNames.filter((command) => !(command in en)), []);
  for (const name of Object.keys(en) as (keyof typeof en)[]) {
    const holes = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();
    assert.deepEqual(holes(fr[name]), holes(en[name]), name);
  }
});

test("Digits work on a French keyboard without Shift, Cmd counts as Ctrl, ? needs no Shift in its chord", () => {
  assert.equal(chordOf(key("&", "Digit1")), "1");
  assert.equal(chordOf(key("Z", "KeyZ", { metaKey: true, shiftKey: true })), "Ctrl+Shift+z");
  assert.equal(chordOf(key("?", "Comma", { shiftKey: true })), "?");
  assert.equal(chordOf(key("ArrowLeft", "ArrowLeft", { altKey: true, shiftKey: true })), "Alt+Shift+ArrowLeft");
});

test("A key given to another command leaves the first, and the choice outlives the page", () => {
  const storage = memory();
  assert.equal(new Bindings(storage).rebind("noDefect", "s"), "submit");
  const later = new Bindings(storage);
  assert.equal(later.command("s"), "noDefect");
  assert.deepEqual(later.chords("submit"), ["Ctrl+Enter"]);
  later.reset();
  assert.equal(new Bindings(storage).command("s"), "submit");
});

test("Label text can be read on any class colour", () => {
  for (const [color, ink] of [["#ffc914", "#000000"], ["#1d2b53", "#ffffff"], ["#ffffff", "#000000"], ["#0000ff", "#ffffff"]] as const) assert.equal(inkOn(color), ink);
});

test("Neutral filters leave every tone as it is; inversion mirrors; gamma lifts the dark", () => {
  for (const value of [0, 0.25, 0.5, 1]) {
    assert.equal(toneCurve(noFilters, value), value);
    assert.equal(toneCurve({ ...noFilters, invert: true }, value), 1 - value);
  }
  assert.ok(toneCurve({ ...noFilters, gamma: 2 }, 0.25) === 0.5);
});

test("Local contrast spreads a faint texture and is the same whether a picture is mapped whole or in tiles", () => {
  const width = 64, height = 64;
  const pixels = (fill: (x: number, y: number) => number, w = width, h = height): { width: number; height: number; data: Uint8ClampedArray<ArrayBuffer> } => {
    const data = new Uint8ClampedArray(w * h * 4);
    for (let y = 0; y < h; y++) for (let x = 0; x < w; x++) data.set([fill(x, y), fill(x, y), fill(x, y), 255], (y * w + x) * 4);
    return { width: w, height: h, data };
  };
  const faint = (x: number, y: number): number => 100 + ((x + y) % 16);
  const whole = pixels(faint);
  const map = mapFromPixels(whole);
  mapPixels(whole, { x: 0, y: 0, width, height }, map);
  const at = (image: typeof whole, x: number, y: number): number => image.data[(y * image.width + x) * 4]!;
  assert.ok(at(whole, 39, 24) - at(whole, 40, 24) > 30, "15 grey levels must become at least twice as many");
  const tile = pixels((x, y) => faint(x + 32, y + 16), 32, 32);
  mapPixels(tile, { x: 32, y: 16, width, height }, map);
  for (let y = 0; y < 32; y++) for (let x = 0; x < 32; x++) assert.equal(at(tile, x, y), at(whole, x + 32, y + 16));
});

test("The level drawn is never coarser than the screen can show", () => {
  assert.deepEqual([[1, 1], [0.5, 1], [0.5, 2], [0.3, 1], [0.01, 1]].map(([scale, ratio]) => levelFor(scale!, ratio!, 6)), [0, 1, 0, 1, 5]);
});

test("A revision's differences tell added, removed and changed shapes apart", () => {
  const list = differences({ ...emptyDocument, shapes: [box("a"), box("b"), box("c")] }, { ...emptyDocument, shapes: [box("a"), box("b", 9), box("d")] });
  assert.deepEqual(list.map((one) => [one.type, ("after" in one ? one.after : one.before).id]), [["changed", "b"], ["added", "d"], ["removed", "c"]]);
});

test("Several annotators: what all saw alike agrees; a missed box or another class does not", () => {
  const of = (author: string, ...shapes: ReturnType<typeof box>[]): { author: string; document: typeof emptyDocument } => ({ author, document: { ...emptyDocument, shapes } });
  const list = findings([of("a", box("1"), box("2", 400)), of("b", box("3", 104), box("4", 402, 100, 80, 60, "short")), of("c", box("5", 98), box("6", 401), box("7", 700))]);
  assert.deepEqual(list.map((one) => [one.opinions.map((opinion) => opinion.shape.id).sort().join(), one.agreed]).sort(), [["1,3,5", true], ["2,4,6", false], ["7", false]]);
});

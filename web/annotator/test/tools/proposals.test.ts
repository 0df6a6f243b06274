import assert from "node:assert/strict";
import { test } from "node:test";
import { run } from "../../src/tools/run";
import { box, sessionWith, surroundings } from "../fixture";

const proposals = [{ ...box("p1", 300), score: 0.9 }, { ...box("p2", 400, 300), score: 0.4 }, { ...box("p3", 600), score: 0.7 }];
const keys = (session: ReturnType<typeof sessionWith>, ...commands: Parameters<typeof run>[1][]): void => commands.forEach((command) => run(session, command, surroundings()));

test("Tab walks through proposals, Enter accepts, a number relabels and accepts, Delete rejects", () => {
  const session = sessionWith({ task: { proposals } });
  keys(session, "select.next", "confirm", "class.2", "remove");
  assert.deepEqual(session.document.shapes.map(({ id, label, score, createdBy }) => ({ id, label, score, createdBy })), [
    { id: "p1", label: "open", score: 0.9, createdBy: "ana" }, { id: "p2", label: "short", score: 0.4, createdBy: "ana" },
  ]);
  assert.deepEqual(session.proposals, []);
});

test("Accepting goes on to the next proposal; undo takes the shape out and the proposal is open again", () => {
  const session = sessionWith({ task: { proposals } });
  keys(session, "select.next", "confirm");
  assert.deepEqual(session.selection, ["p2"]);
  keys(session, "undo");
  assert.deepEqual(session.document.shapes, []);
  assert.deepEqual(session.proposals.map((one) => one.id), ["p1", "p2", "p3"]);
});

test("Proposals wait for the annotator's own answer when the campaign says so", () => {
  const session = sessionWith({ task: { proposals, proposalsAfterFirstShape: true } });
  assert.deepEqual(session.visibleProposals, []);
  keys(session, "select.next");
  assert.deepEqual(session.selection, []);
  session.commit([{ type: "put", shape: box("own") }]);
  assert.equal(session.visibleProposals.length, 3);
});

test("A proposal that is a shape of the document already is not proposed again", () => {
  assert.deepEqual(sessionWith({ shapes: [box("p2")], task: { proposals } }).proposals.map((one) => one.id), ["p1", "p3"]);
});

test("Adjudicating: the annotators' shapes are picked one by one, stay their authors', and equal ids do not collide", () => {
  const answer = (x: number) => ({ shapes: [box("same", x)], tags: [], values: {}, verdict: "defects" as const });
  const session = sessionWith({ task: { others: [{ author: "ben", document: answer(300) }, { author: "cho", document: answer(306) }] } });
  keys(session, "select.next", "select.next", "confirm", "remove");
  assert.deepEqual(session.document.shapes.map(({ id, createdBy }) => [id, createdBy]), [["cho/same", "cho"]]);
  assert.deepEqual(session.proposals, []);
});

test("A reviewer who only looks at several annotators is offered nothing to pick", () => {
  const others = [{ author: "ben", document: { shapes: [box("b")], tags: [], values: {}, verdict: "defects" as const } }];
  assert.deepEqual(sessionWith({ task: { others, mode: "review" } }).proposals, []);
});

test("What was rejected on an earlier visit is not proposed again, and every rejection is told", () => {
  const told: string[] = [];
  const session = sessionWith({ task: { proposals }, rejected: ["p1"], onReject: (id) => told.push(id) });
  assert.deepEqual(session.proposals.map((one) => one.id), ["p2", "p3"]);
  keys(session, "select.next", "remove");
  assert.deepEqual(told, ["p2"]);
});

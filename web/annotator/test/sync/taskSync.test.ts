import assert from "node:assert/strict";
import { test } from "node:test";
import { box } from "../fixture";
import { browser, MemoryHub, settled } from "./fixture";

const put = (id: string, x = 0) => [{ type: "put", shape: box(id, x) }] as const;
const ids = (hub: MemoryHub): string[] => hub.document.shapes.map((shape) => shape.id);

test("An edit is journaled, sent in the background and acknowledged; nothing stays behind", async () => {
  const hub = new MemoryHub(), here = browser(hub);
  const { sync, states } = await here.tab();
  sync.record(put("a"));
  assert.deepEqual(states.at(-1), { type: "saving", waiting: 1 });
  await sync.written();
  assert.equal((await (await here.journal()).read("t"))?.operations.length, 1, "in the journal before the hub knows of it");
  await here.timers.pass(500);
  assert.deepEqual(states.at(-1), { type: "saved" });
  assert.deepEqual(ids(hub), ["a"]);
  assert.deepEqual(await (await here.journal()).unfinished(), []);
  await sync.forget();
  assert.equal(await (await here.journal()).read("t"), null);
});

test("A tab that opens with what the host fetched before another tab saved starts from what was saved", async () => {
  const hub = new MemoryHub(), here = browser(hub);
  const stale = { revision: hub.revision, document: hub.document };
  const first = await here.tab();
  first.sync.record(put("a"));
  await here.timers.pass(500);
  first.sync.record(put("b"));
  await first.sync.stop();
  const second = await here.tab("t", stale);
  assert.deepEqual(second.document.shapes.map((shape) => shape.id), ["a", "b"]);
  await here.timers.pass(2000);
  assert.deepEqual(ids(hub), ["a", "b"]);
  assert.equal(second.merged.length, 0);
});

test("A tab killed before anything was sent finds every edit again, and sends it", async () => {
  const hub = new MemoryHub(), here = browser(hub);
  const killed = await here.tab();
  killed.sync.record(put("a"));
  killed.sync.record(put("b"));
  await killed.sync.stop();
  const again = await here.tab();
  assert.equal(again.restored, 2);
  assert.deepEqual(again.document.shapes.map((shape) => shape.id), ["a", "b"]);
  await here.timers.pass(500);
  assert.deepEqual(ids(hub), ["a", "b"]);
});

test("A rejected proposal stays rejected when the tab is killed, also after later edits were acknowledged", async () => {
  const hub = new MemoryHub(), here = browser(hub);
  const killed = await here.tab();
  killed.sync.reject("p1");
  killed.sync.record(put("a"));
  await here.timers.pass(500);
  killed.sync.reject("p2");
  await killed.sync.stop();
  const again = await here.tab();
  assert.deepEqual(again.rejected, ["p1", "p2"]);
  await again.sync.forget();
  assert.deepEqual((await here.tab()).rejected, []);
});

test("An acknowledgement that got lost neither doubles nor conflicts, even over a later edit of the same shape", async () => {
  const hub = new MemoryHub(), here = browser(hub);
  const killed = await here.tab();
  hub.answer = "lost_ack";
  killed.sync.record(put("a", 10));
  await here.timers.pass(500);
  killed.sync.record(put("a", 20));
  await killed.sync.stop();
  hub.answer = "normal";
  const again = await here.tab();
  assert.equal(again.copies, 0);
  await here.timers.pass(2000);
  assert.deepEqual(hub.document.shapes, [box("a", 20)]);
});

test("Offline: the count of kept changes is shown, retries back off up to 30 s, and all arrives in order when the network is back", async () => {
  const hub = new MemoryHub(), here = browser(hub);
  const { sync, states } = await here.tab();
  hub.answer = "throw";
  sync.record(put("a"));
  await here.timers.pass(400);
  sync.record(put("b"));
  sync.record(put("c"));
  assert.deepEqual(states.at(-1), { type: "offline", waiting: 3 });
  const delays: number[] = [];
  for (let i = 0; i < 8; i++) {
    delays.push(here.timers.next!);
    await here.timers.pass(here.timers.next!);
  }
  assert.deepEqual(delays.slice(-4), [16_000, 30_000, 30_000, 30_000]);
  hub.answer = "normal";
  sync.retryNow();
  await here.timers.pass(0);
  assert.deepEqual([ids(hub), states.at(-1)], [["a", "b", "c"], { type: "saved" }]);
});

test("An expired session stops sending, keeps counting, and goes on after signing in", async () => {
  const hub = new MemoryHub(), here = browser(hub);
  const { sync, states } = await here.tab();
  hub.answer = "unauthorized";
  sync.record(put("a"));
  await here.timers.pass(500);
  sync.record(put("b"));
  assert.deepEqual(states.at(-1), { type: "signedOut", waiting: 2 });
  await here.timers.pass(60_000);
  assert.equal(hub.requests.length, 1, "a signed-out browser does not hammer the hub");
  hub.answer = "normal";
  sync.retryNow();
  await here.timers.pass(0);
  assert.deepEqual(ids(hub), ["a", "b"]);
});

test("Someone else's revision in between: both sides' shapes are there, on the screen and on the hub", async () => {
  const hub = new MemoryHub(), here = browser(hub);
  const { sync, merged } = await here.tab();
  sync.record(put("mine"));
  hub.document = { ...hub.document, shapes: [box("theirs", 300)] };
  hub.revision++;
  await here.timers.pass(5000);
  assert.deepEqual(ids(hub), ["theirs", "mine"]);
  assert.deepEqual(merged.at(-1)?.shapes.map((shape) => shape.id), ["theirs", "mine"]);
});

test("A shape both sides changed is kept twice: theirs under its id, ours beside it", async () => {
  const hub = new MemoryHub(), here = browser(hub);
  hub.document = { ...hub.document, shapes: [box("s", 1)] };
  const { sync } = await here.tab();
  sync.record(put("s", 50));
  hub.document = { ...hub.document, shapes: [box("s", 99)] };
  hub.revision++;
  await here.timers.pass(5000);
  assert.deepEqual(hub.document.shapes.map((shape) => (shape.kind === "box" ? shape.box[0] : null)), [99, 50]);
  assert.notEqual(hub.document.shapes[1]!.id, "s");
});

test("A lost lease keeps the work as a draft that the next opening of the task brings back", async () => {
  const hub = new MemoryHub(), here = browser(hub);
  const { sync, states } = await here.tab();
  hub.answer = "lease_lost";
  sync.record(put("a"));
  await here.timers.pass(500);
  assert.deepEqual(states.at(-1), { type: "leaseLost", waiting: 1, message: "gone" });
  sync.retryNow();
  await here.timers.pass(60_000);
  assert.equal(hub.requests.length, 1, "a lost lease is not retried");
  hub.answer = "normal";
  const again = await here.tab();
  assert.equal(again.restored, 1);
});

test("A refusal shows the hub's sentence and keeps the work", async () => {
  const hub = new MemoryHub(), here = browser(hub);
  const { sync, states } = await here.tab();
  hub.answer = "refused";
  sync.record(put("a"));
  await here.timers.pass(500);
  assert.deepEqual(states.at(-1), { type: "refused", waiting: 1, message: "no" });
  assert.equal((await (await here.journal()).read("t"))?.operations.length, 1);
});

test("An answer the hub does not take is the person's again: mended, it is given once more and nothing was lost", async () => {
  const hub = new MemoryHub(), here = browser(hub);
  const { sync, states } = await here.tab();
  sync.record(put("a"));
  await here.timers.pass(500);
  hub.answer = "refused";
  await sync.decide({ type: "submit" });
  await here.timers.pass(0);
  assert.deepEqual(states.at(-1), { type: "returned", message: "no" });
  assert.deepEqual([sync.waiting, sync.deciding], [0, false]);
  assert.deepEqual(await (await here.journal()).unfinished(), [], "a new tab does not send the refused answer again");
  hub.answer = "normal";
  sync.record(put("b"));
  await sync.decide({ type: "submit" });
  await here.timers.pass(0);
  assert.deepEqual([states.at(-1), hub.decisions.length, hub.document.shapes.length], [{ type: "saved" }, 1, 2]);
});

test("A submit pressed offline survives a killed tab and arrives once, after the operations it follows", async () => {
  const hub = new MemoryHub(), here = browser(hub);
  const killed = await here.tab();
  hub.answer = "offline";
  killed.sync.record(put("a"));
  await killed.sync.decide({ type: "submit" });
  await killed.sync.stop();
  hub.answer = "normal";
  assert.deepEqual(await (await here.journal()).unfinished(), ["t"]);
  await here.tab();
  await here.timers.pass(2000);
  assert.deepEqual(ids(hub), ["a"]);
  assert.deepEqual(hub.decisions.map((one) => one.decision), [{ type: "submit" }]);
  assert.equal(hub.decisions[0]!.baseRevision, hub.revision);
  assert.deepEqual(await (await here.journal()).unfinished(), []);
});

test("Two people who share a browser never see or send each other's work", async () => {
  const hub = new MemoryHub(), here = browser(hub);
  const ana = await here.tab();
  ana.sync.record(put("a"));
  await ana.sync.stop();
  const ben = await here.journal("ben");
  assert.equal(await ben.read("t"), null);
  assert.deepEqual(await ben.unfinished(), []);
});

test("Active time goes with the operations: pauses over 30 s are left out and no second is counted twice", async () => {
  const hub = new MemoryHub(), here = browser(hub);
  const { sync, time } = await here.tab();
  for (const wait of [0, 10_000, 31_000, 5_000]) {
    await here.timers.pass(wait);
    time.touch();
    sync.record(put(`s${wait}`));
  }
  await sync.decide({ type: "submit" });
  await here.timers.pass(1000);
  await settled();
  const sum = hub.requests.flatMap((request) => request.operations).reduce((total, operation) => total + operation.activeMilliseconds, 0) + hub.decisions[0]!.activeMilliseconds;
  assert.equal(sum, 15_000);
  assert.equal(time.milliseconds, 15_000);
});

test("A thousand edits go in batches and arrive in order", async () => {
  const hub = new MemoryHub(), here = browser(hub);
  const { sync } = await here.tab();
  for (let i = 0; i < 1000; i++) sync.record(put(`s${i}`));
  await here.timers.pass(500);
  await sync.written();
  for (let i = 0; i < 100 && sync.waiting > 0; i++) await settled();
  assert.equal(hub.document.shapes.length, 1000);
  assert.equal(hub.document.shapes[999]!.id, "s999");
  assert.ok(hub.requests.every((request) => request.operations.length <= 200));
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { useBrowser, Visit } from "./page";

useBrowser();

test("A tab that crashes offline in the middle of the work: everything is found again and sent", async () => {
  const visit = await Visit.start();
  const tab = await visit.open();
  await tab.weather("offline");
  await tab.keys("b");
  await tab.drag(200, 200, 300, 280);
  await tab.drag(500, 300, 620, 380);
  await tab.keys("2", "ArrowRight");
  await tab.until("Offline, 4 changes kept here");
  const before = await tab.document();
  const crashed = tab.page.waitForEvent("crash");
  void tab.cdp.send("Page.crash").catch(() => undefined);
  await crashed;

  const again = await visit.open();
  await again.notice("4 changes that had not been sent were found again");
  assert.deepEqual(await again.document(), before);
  await again.weather("online");
  await again.page.evaluate(() => dispatchEvent(new Event("online")));
  await again.until("Saved");
  assert.deepEqual(await again.stored(), before);
  await visit.end();
});

test("Submitted offline, then the browser is closed: the next visit finds the task unfinished and sends it", async () => {
  const visit = await Visit.start();
  const tab = await visit.open();
  await tab.weather("offline");
  await tab.keys("n", "s");
  await tab.page.waitForFunction(() => window.annotator.session()!.task.id === "task-2");
  await tab.page.close();
  const again = await visit.open("?task=3");
  await again.weather("online");
  assert.deepEqual(await again.page.evaluate(() => window.annotator.unfinished()), ["task-1"]);
  await again.page.evaluate(() => window.show(1));
  await again.page.waitForFunction(() => window.hub.read("task-1").decisions.length === 1);
  assert.equal((await again.stored("task-1")).verdict, "no_defect");
  await visit.end();
});

test("An expired session is said plainly, work goes on, and signing in sends it", async () => {
  const visit = await Visit.start();
  const tab = await visit.open();
  await tab.weather("unauthorized");
  await tab.keys("b");
  await tab.drag(200, 200, 300, 280);
  await tab.until("Signed out: sign in again, nothing is lost");
  await tab.drag(500, 300, 620, 380);
  await tab.until("2 changes kept here");
  await tab.page.getByRole("button", { name: "Sign in" }).click();
  await tab.until("Saved");
  assert.equal((await tab.stored()).shapes.length, 2);
  await visit.end();
});

test("The second tab on a task reads only, may take over with the first tab's work, and the first is told", async () => {
  const visit = await Visit.start();
  const first = await visit.open();
  await first.weather("offline");
  await first.keys("b");
  await first.drag(200, 200, 300, 280);
  await first.until("Offline");
  const second = await visit.open();
  await second.notice("open in another tab");
  await second.keys("b");
  await second.drag(500, 300, 620, 380);
  assert.deepEqual(await second.boxes(), [], "reading only");
  await second.page.getByRole("button", { name: "Edit here instead" }).click();
  await second.page.waitForFunction(() => window.annotator.document!.shapes.length === 1);
  await first.notice("took this task over");
  await first.drag(700, 300, 720, 380);
  assert.equal((await first.document()).shapes.length, 1);
  await second.weather("online");
  await second.keys("b");
  await second.drag(500, 300, 620, 380);
  await second.page.evaluate(() => window.annotator.signedIn());
  await second.until("Saved");
  assert.equal((await second.stored()).shapes.length, 2);
  await visit.end();
});

test("Someone else saved in between: both sides' shapes are on the screen and on the hub, and it is said", async () => {
  const visit = await Visit.start();
  const tab = await visit.open();
  await tab.page.evaluate(() => window.hub.intrude("task-1", { shapes: [{ id: "theirs", kind: "box", label: "spur", attributes: {}, box: [700, 100, 50, 50] }], tags: [], values: {}, verdict: "defects" }));
  await tab.keys("b");
  await tab.drag(200, 200, 300, 280);
  await tab.notice("Both are kept");
  await tab.until("Saved");
  assert.deepEqual((await tab.stored()).shapes.map((shape) => shape.label), ["spur", "open"]);
  assert.deepEqual(await tab.document(), await tab.stored());
  await visit.end();
});

test("A lost lease stops the editing, names what happened and keeps the draft", async () => {
  const visit = await Visit.start();
  const tab = await visit.open();
  await tab.weather("lease_lost");
  await tab.keys("b");
  await tab.drag(200, 200, 300, 280);
  await tab.until("Maria Keller has it since 10:42");
  await tab.drag(500, 300, 620, 380);
  assert.equal((await tab.document()).shapes.length, 1);
  await tab.page.reload();
  await tab.page.waitForFunction(() => window.annotator.document?.shapes.length === 1);
  await visit.end();
});

test("Touch: a finger draws, two pan and zoom without drawing, a long press selects", async () => {
  const visit = await Visit.start({ width: 390, height: 780, touch: true });
  const tab = await visit.open();
  await tab.page.locator('button[data-command="tool.box"]').click();
  const from = await tab.at(300, 300), to = await tab.at(700, 600);
  await tab.touch("touchStart", from);
  await tab.touch("touchMove", { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 });
  await tab.touch("touchMove", to);
  await tab.touch("touchEnd");
  assert.equal((await tab.boxes()).length, 1);

  const scale = await tab.page.evaluate(() => window.annotator.session()!.viewport.scale);
  const a = await tab.at(200, 700), b = await tab.at(400, 800);
  await tab.touch("touchStart", a);
  await tab.touch("touchStart", a, b);
  await tab.touch("touchMove", { x: a.x - 40, y: a.y - 40 }, { x: b.x + 40, y: b.y + 40 });
  await tab.touch("touchEnd");
  assert.equal((await tab.boxes()).length, 1, "a pinch draws nothing");
  assert.ok(await tab.page.evaluate(() => window.annotator.session()!.viewport.scale) > scale * 1.3);

  await tab.keys("w", "Escape");
  assert.deepEqual(await tab.page.evaluate(() => window.annotator.session()!.selection), []);
  const inside = await tab.at(500, 450);
  await tab.touch("touchStart", inside);
  await tab.page.waitForFunction(() => window.annotator.session()!.selection.length === 1);
  await tab.touch("touchEnd");
  assert.equal((await tab.boxes()).length, 1);
  await visit.end();
});

test("At 390 pixels nothing overlaps or is cut off, and at every width every button has a name and the layers lie on each other", async () => {
  for (const [width, height] of [[390, 780], [800, 600], [1440, 900]] as const) {
    const visit = await Visit.start({ width, height });
    const tab = await visit.open("?proposals&boxes=5");
    const report = await tab.page.evaluate(() => {
      const root = window.annotator.shadowRoot!;
      const visible = (element: Element): boolean => element.getClientRects().length > 0;
      const areas = ["top", "tools", "stage", "status"].map((name) => root.querySelector(`.app > .${name}`)!.getBoundingClientRect());
      const overlaps = areas.flatMap((a, i) => areas.slice(i + 1).filter((b) => a.left < b.right - 0.5 && b.left < a.right - 0.5 && a.top < b.bottom - 0.5 && b.top < a.bottom - 0.5)).length;
      const bars = [...root.querySelectorAll(".top button, .status > *")].filter(visible).map((one) => one.getBoundingClientRect());
      const crossing = bars.flatMap((a, i) => bars.slice(i + 1).filter((b) => a.left < b.right - 0.5 && b.left < a.right - 0.5 && a.top < b.bottom - 0.5 && b.top < a.bottom - 0.5)).length;
      return {
        overlaps, crossing,
        outside: bars.filter((one) => one.left < -0.5 || one.right > innerWidth + 0.5).length,
        unnamed: [...root.querySelectorAll("button")].filter(visible).filter((one) => !(one.getAttribute("aria-label") || one.textContent?.trim())).length,
        scrolls: document.documentElement.scrollWidth > innerWidth || document.documentElement.scrollHeight > innerHeight,
        layers: new Set([...root.querySelectorAll(".layer")].map((one) => JSON.stringify(one.getBoundingClientRect()))).size,
      };
    });
    assert.deepEqual(report, { overlaps: 0, crossing: 0, outside: 0, unnamed: 0, scrolls: false, layers: 1 }, `${width} × ${height}`);
    await visit.end();
  }
});

test("A 16k × 16k scan is there from a few coarse tiles, zooms to single pixels and takes shapes like any image", async () => {
  const visit = await Visit.start();
  const requests: string[] = [];
  visit.context.on("request", (request) => void (request.url().includes("/tile/") && requests.push(request.url())));
  const tab = await visit.open("?tiled&width=16384&height=16384");
  await tab.page.waitForTimeout(300);
  assert.ok(requests.length > 0 && requests.length <= 24, `${requests.length} tiles for the first view`);
  const at = await tab.at(8000, 8000);
  // Whole pixels, as wheel events have them: a fraction would grow by the zoom.
  const over = { x: Math.round(at.x), y: Math.round(at.y) };
  await tab.page.mouse.move(over.x, over.y);
  const under = await tab.page.evaluate(() => ({ ...window.annotator.session()!.cursor! }));
  for (let i = 0; i < 8; i++) await tab.page.mouse.wheel(0, -400);
  await tab.page.waitForFunction(() => window.annotator.session()!.viewport.scale > 13);
  const x = Math.round(under.x), y = Math.round(under.y);
  await tab.keys("b");
  await tab.drag(x, y, x + 20, y + 10);
  const [box] = await tab.boxes();
  assert.ok(Math.abs(box![0]! - x) <= 1 && Math.abs(box![1]! - y) <= 1 && Math.abs(box![2]! - 20) <= 1, String(box));
  await visit.end();
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { useBrowser, Visit } from "./page";

useBrowser();

test("Drawing by clicks and by dragging, moving, resizing, undoing: the document and the hub follow", async () => {
  const visit = await Visit.start();
  const tab = await visit.open();
  await tab.keys("b");
  await tab.click(200, 200);
  await tab.click(300, 280);
  await tab.drag(500, 300, 620, 380);
  assert.deepEqual((await tab.boxes()).map(([, , width, height]) => [width, height]), [[100, 80], [120, 80]]);

  await tab.keys("v");
  await tab.drag(250, 240, 350, 340);
  await tab.click(250, 850);
  await tab.click(350, 340);
  await tab.drag(400, 380, 450, 420);
  const [moved] = await tab.boxes();
  assert.ok(Math.abs(moved![0]! - 300) <= 1 && Math.abs(moved![2]! - 150) <= 1 && Math.abs(moved![3]! - 120) <= 1, String(moved));

  await tab.keys("Control+z", "Control+z");
  assert.ok(Math.abs((await tab.boxes())[0]![0]! - 200) <= 1);
  await tab.keys("Control+Shift+z");
  await tab.until("Saved");
  assert.deepEqual(await tab.stored(), await tab.document());
  await visit.end();
});

test("Class keys, nudging, duplicating, deleting and attributes work from the keyboard", async () => {
  const visit = await Visit.start();
  const tab = await visit.open();
  await tab.keys("b", "4");
  await tab.drag(200, 200, 300, 280);
  const [before] = await tab.boxes();
  await tab.keys("ArrowRight", "Shift+ArrowDown", "Alt+ArrowRight", "Control+d");
  const [first, second] = (await tab.document()).shapes;
  assert.deepEqual([first!.label, second!.label], ["spur", "spur"]);
  assert.deepEqual((await tab.boxes())[0], [before![0]! + 1, before![1]! + 10, before![2]! + 1, before![3]!]);
  await tab.keys("Delete");
  assert.equal((await tab.document()).shapes.length, 1);
  await tab.keys("Tab");
  await tab.page.locator(".attributes select").selectOption("major");
  await tab.until("Saved");
  assert.deepEqual((await tab.stored()).shapes[0]!.attributes, { severity: "major" });
  await visit.end();
});

test("One key submits, the next image is there, tool and class stay, undo does not reach the last image", async () => {
  const visit = await Visit.start();
  const tab = await visit.open();
  await tab.keys("b", "2");
  await tab.drag(200, 200, 300, 280);
  await tab.keys("s");
  await tab.page.waitForFunction(() => window.annotator.session()!.task.id === "task-2");
  await tab.keys("Control+z");
  await tab.drag(100, 100, 180, 160);
  assert.deepEqual((await tab.document()).shapes.map((shape) => shape.label), ["short"]);
  await tab.page.waitForFunction(() => window.hub.read("task-1").decisions.length === 1);
  assert.equal((await tab.stored("task-1")).shapes.length, 1);
  await tab.keys("n", "Control+z", "n", "s");
  await tab.page.waitForFunction(() => window.hub.read("task-2").decisions.length === 1);
  assert.equal((await tab.stored("task-2")).verdict, "no_defect");
  await visit.end();
});

test("The next picture is there before the hub answers, and keys pressed on it hold for its task; undelivered, the old one comes back", async () => {
  const visit = await Visit.start();
  const tab = await visit.open("?preview=400");
  await tab.keys("n", "s");
  // Before its picture is seen, nobody means the next task.
  await tab.page.waitForFunction(() => window.annotator.session()!.task.lease === "");
  const early = await tab.page.evaluate(() => ({ task: window.annotator.session()!.task.id, shapes: window.annotator.document!.shapes.length }));
  assert.equal(early.task, "task-1", "Nothing can be drawn on what was not handed out yet.");
  await tab.keys("n", "s");
  await tab.page.waitForFunction(() => window.hub.read("task-2").decisions.length === 1);
  assert.equal((await tab.stored("task-2")).verdict, "no_defect");
  assert.equal((await tab.stored("task-1")).verdict, "no_defect");
  await tab.page.waitForFunction(() => window.annotator.session()!.task.id === "task-3");
  await tab.keys("b");
  await tab.drag(200, 200, 260, 240);
  await tab.weather("offline");
  await tab.keys("s");
  await tab.until(/Offline/);
  assert.deepEqual(await tab.boxes(), [[200, 200, 60, 40]], "The task that is not delivered is on the screen again.");
  await tab.weather("online");
  await tab.page.evaluate(() => window.annotator.signedIn());
  await tab.page.waitForFunction(() => window.hub.read("task-3").decisions.length === 1);
  await visit.end();
});

test("Keys pressed while the next task is being opened hold for it too", async () => {
  const visit = await Visit.start();
  const tab = await visit.open("?preview=100");
  // The lock that a task is opened under takes its time, as on a busy machine.
  await tab.page.evaluate(() => {
    const locks = navigator.locks, request = locks.request.bind(locks) as (...all: unknown[]) => Promise<unknown>;
    Object.defineProperty(locks, "request", { value: async (...all: unknown[]) => {
      (window as unknown as { opening: boolean }).opening = true;
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      return request(...all);
    } });
  });
  await tab.keys("n", "s");
  await tab.page.waitForFunction(() => (window as unknown as { opening?: boolean }).opening);
  await tab.keys("n", "s");
  await tab.page.waitForFunction(() => window.hub.read("task-2").decisions.length === 1);
  assert.equal((await tab.stored("task-2")).verdict, "no_defect");
  await visit.end();
});

test("An answer the hub refuses comes back to be mended", async () => {
  const visit = await Visit.start();
  const tab = await visit.open("?preview=400");
  await tab.keys("b");
  await tab.drag(200, 200, 260, 240);
  await tab.until(/Saved/);
  await tab.weather("refused");
  await tab.keys("s");
  await tab.notice(/did not take this answer: The class “bent” no longer exists\. Mend it/);
  assert.deepEqual(await tab.boxes(), [[200, 200, 60, 40]]);
  await tab.weather("online");
  await tab.keys("Control+a", "Delete", "n", "s");
  await tab.page.waitForFunction(() => window.hub.read("task-1").decisions.length === 1);
  assert.deepEqual([(await tab.stored()).verdict, (await tab.stored()).shapes.length], ["no_defect", 0]);
  await visit.end();
});

test("Skipping asks for a coded reason and takes a digit for it; other asks for words", async () => {
  const visit = await Visit.start();
  const tab = await visit.open();
  await tab.keys("k", "2");
  await tab.page.waitForFunction(() => window.annotator.session()!.task.id === "task-2");
  await tab.keys("k", "6");
  await tab.page.keyboard.type("two boards in one image");
  await tab.keys("Enter");
  await tab.page.waitForFunction(() => window.hub.read("task-2").decisions.length === 1);
  const decisions = await tab.page.evaluate(() => [1, 2].map((index) => window.hub.read(`task-${index}`).decisions[0]!.decision));
  assert.deepEqual(decisions, [{ type: "skip", reason: "obstructed" }, { type: "skip", reason: "other", text: "two boards in one image" }]);
  await visit.end();
});

test("Wheel and space pan and zoom in the middle of a drawing without losing it", async () => {
  const visit = await Visit.start();
  const tab = await visit.open();
  await tab.keys("p");
  for (const [x, y] of [[300, 300], [500, 300], [500, 500]] as const) await tab.click(x, y);
  const over = await tab.at(500, 500);
  await tab.page.mouse.move(over.x, over.y);
  await tab.page.mouse.wheel(0, -400);
  await tab.page.keyboard.down(" ");
  await tab.page.mouse.down();
  await tab.page.mouse.move(over.x + 60, over.y - 40, { steps: 3 });
  await tab.page.mouse.up();
  await tab.page.keyboard.up(" ");
  await tab.click(420, 520);
  await tab.keys("Enter");
  const [shape] = (await tab.document()).shapes;
  assert.ok(shape?.kind === "polygon");
  assert.deepEqual(shape.rings[0]!.map((point) => point.map((value) => Math.round(value / 2) * 2)), [[300, 300], [500, 300], [500, 500], [420, 520]]);
  await visit.end();
});

test("Tiles that were moved, painted ahead and partly repainted show the very pixels of one canvas painted whole", async () => {
  const visit = await Visit.start();
  const tab = await visit.open("?boxes=600&proposals");
  await tab.keys("+", "+", "+", "+");
  const difference = await tab.page.evaluate(async () => {
    const frame = (): Promise<void> => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve())));
    const session = window.annotator.session()!, stage = window.annotator.stageForBench!, root = window.annotator.shadowRoot!;
    const { width, height } = session.viewSize;
    const pixels = (draw: (context: CanvasRenderingContext2D) => void): Uint8ClampedArray => {
      const canvas = Object.assign(document.createElement("canvas"), { width: Math.round(width), height: Math.round(height) });
      const context = canvas.getContext("2d", { willReadFrequently: true })!;
      draw(context);
      return context.getImageData(0, 0, canvas.width, canvas.height).data;
    };
    await frame();
    for (let i = 0; i < 14; i++) {
      session.setViewport({ ...session.viewport, offsetX: session.viewport.offsetX - 43.4, offsetY: session.viewport.offsetY + (i % 3) * 27.7 - 21 });
      if (i % 4 === 1) session.commit([{ type: "remove", shapeId: session.document.shapes[i]!.id }]);
      if (i === 7) session.hidden.add(session.document.shapes[3]!.id);
      if (i === 7) session.dirty("shapes");
      if (i === 9) session.undo();
      await frame();
    }
    const tiled = pixels((context) => {
      for (const name of [".layer-image", ".layer-shapes"]) {
        const content = root.querySelector<HTMLElement>(`${name} .layer-content`)!;
        const at = new DOMMatrix(content.style.transform);
        for (const canvas of content.querySelectorAll("canvas")) context.drawImage(canvas, Math.round(at.e + parseFloat(canvas.style.left)), Math.round(at.f + parseFloat(canvas.style.top)));
      }
    });
    stage.naive = true;
    stage.mark("view");
    await frame();
    const whole = pixels((context) => context.drawImage(root.querySelector<HTMLCanvasElement>(".layer-naive")!, 0, 0));
    // Smoothing may blend one step differently; anything that moved or is missing differs by much more.
    return { wrong: whole.reduce((count, value, index) => count + (Math.abs(value - tiled[index]!) > 24 ? 1 : 0), 0), coloured: whole.reduce((count, value) => count + (value > 0 ? 1 : 0), 0) };
  });
  assert.ok(difference.coloured > 1_000_000, "Something was painted.");
  assert.ok(difference.wrong < 400, `differing values: ${difference.wrong}`);
  await visit.end();
});

test("Proposals: Tab, Enter, number, Delete from the keyboard", async () => {
  const visit = await Visit.start();
  const tab = await visit.open("?proposals");
  await tab.keys("Tab", "Enter", "3", "Delete");
  assert.deepEqual((await tab.document()).shapes.map((shape) => shape.label), ["open", "mousebite"]);
  await visit.end();
});

test("The help lists the keys, and a key given to another command works at once", async () => {
  const visit = await Visit.start();
  const tab = await visit.open();
  await tab.keys("?");
  await tab.page.locator('dialog.help button[data-command="tool.polygon"]').click();
  await tab.keys("F4", "Escape");
  await tab.keys("F4");
  assert.equal(await tab.page.evaluate(() => window.annotator.session()!.tool), "polygon");
  await visit.end();
});

test("Filters change what is seen and never the document; the image's pixels are read again without them", async () => {
  const visit = await Visit.start();
  const tab = await visit.open();
  await tab.keys("i", "u");
  assert.equal(await tab.page.evaluate(() => window.annotator.shadowRoot!.querySelector<HTMLElement>(".layer-image")!.style.filter), 'url("#tone")');
  await tab.keys("Shift+G");
  assert.equal(await tab.page.evaluate(() => window.annotator.shadowRoot!.querySelector<HTMLElement>(".layer-image")!.style.filter), "");
  assert.equal(await tab.status(), "✓ Saved");
  await visit.end();
});

test("A reviewer reads, may fix after F, rejects with a pinned comment that survives a reload, and the author stays", async () => {
  const visit = await Visit.start();
  const author = await visit.open();
  await author.keys("b");
  await author.drag(200, 200, 300, 280);
  await author.until("Saved");
  await author.page.close();

  const tab = await visit.open("?mode=review&user=ben");
  await tab.click(250, 240);
  await tab.keys("Delete");
  assert.equal((await tab.document()).shapes.length, 1, "read only until F");
  await tab.keys("c");
  await tab.click(250, 240);
  await tab.page.keyboard.type("Too wide on the left");
  await tab.keys("Control+Enter");
  await tab.page.reload();
  await tab.page.waitForSelector("html[data-ready]", { state: "attached" });
  assert.match(await tab.page.locator(".comments").innerText(), /Too wide on the left/);
  await tab.keys("f", "v");
  await tab.click(250, 240);
  await tab.keys("ArrowRight");
  await tab.until("Saved");
  const [shape] = (await tab.stored()).shapes;
  assert.equal(shape!.createdBy, "ana");
  await tab.keys("r");
  await tab.page.waitForFunction(() => window.hub.read("task-1").decisions.length === 1);
  const decision = await tab.page.evaluate(() => window.hub.read("task-1").decisions[0]!.decision);
  assert.ok(decision.type === "reject" && decision.comments[0]!.text === "Too wide on the left" && decision.comments[0]!.shapeId === shape!.id);
  await visit.end();
});

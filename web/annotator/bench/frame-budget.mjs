// Times between frames in headless Chromium while panning and dragging, interleaved with one canvas that is redrawn in full on every change.
// npm run bench:canvas -- [repeats] [frames]
import os from "node:os";
import { chromium } from "playwright-core";
import { serveDemo } from "../../tools/demo.mjs";

const repeats = Number(process.argv[2] ?? 3);
const frames = Number(process.argv[3] ?? 150);
const demo = await serveDemo();
const browser = await chromium.launch({
  executablePath: process.env.PERENNE_CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});

/** Runs in the page: brings it to the start of the gesture. */
async function prepare({ action, naive, zoomed }) {
  const annotator = window.annotator, session = annotator.session(), stage = annotator.stageForBench;
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  stage.naive = naive;
  annotator.run("view.fit");
  if (zoomed) annotator.run("view.actual");
  for (const one of ["image", "shapes"]) stage.mark(one);
  for (let i = 0; i < 5; i++) await frame();
  const view = annotator.shadowRoot.querySelector(".stage");
  const { left, top, width, height } = view.getBoundingClientRect();
  const middle = { x: left + width / 2, y: top + height / 2 };
  const fire = (type, x, y, more = {}) => view.dispatchEvent(new PointerEvent(type, { bubbles: true, clientX: x, clientY: y, pointerId: 1, button: type === "pointermove" ? -1 : 0, buttons: 1, pointerType: "mouse", ...more }));
  view.setPointerCapture = () => undefined;
  annotator.run("tool.select");
  annotator.run("cancel");
  if (action === "pan") fire("pointerdown", middle.x, middle.y, { button: 1 });
  else {
    const id = "box-0", shape = session.shape(id);
    const centre = { x: shape.box[0] + shape.box[2] / 2, y: shape.box[1] + shape.box[3] / 2 };
    session.setViewport({ ...session.viewport, offsetX: width / 2 - centre.x * session.viewport.scale, offsetY: height / 2 - centre.y * session.viewport.scale });
    session.select([id]);
    await frame();
    fire("pointerdown", middle.x, middle.y);
    // Small shapes are all handles on the screen: hold the whole shape whatever was under the pointer.
    session.setGesture({ state: "move", from: centre, originals: session.selectedShapes, current: session.selectedShapes });
  }
  await frame();
  Object.assign(window, { fire, middle });
}

/** Runs in the page: one pointer event a frame; the time between frames as the browser really made them. */
async function measure({ action, zoomed, frames }) {
  const { annotator, fire, middle } = window;
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  // At 1:1 the path sweeps over most of the image, up to 45 pixels a frame, so that much comes into sight that was never painted.
  const reach = action === "pan" && zoomed ? { x: 1000, y: 450 } : { x: 160, y: 120 };
  const between = [];
  for (let i = 0; i < 10; i++) await frame();
  let last = await frame();
  for (let i = 0; i < frames; i++) {
    const angle = (i / 150) * 2 * Math.PI;
    fire("pointermove", middle.x + Math.sin(angle) * reach.x, middle.y + Math.sin(2 * angle) * reach.y, action === "pan" ? { buttons: 4 } : {});
    const stamp = await frame();
    between.push(stamp - last);
    last = stamp;
  }
  fire("pointerup", middle.x, middle.y, { button: action === "pan" ? 1 : 0, buttons: 0 });
  annotator.run("undo");
  return between;
}

/** Processor time of the page's main thread, ms: unlike the clock it does not grow when the machine is busy with other things. */
async function threadTime(cdp) {
  const { metrics } = await cdp.send("Performance.getMetrics");
  return metrics.find((one) => one.name === "TaskDuration").value * 1000;
}

const quantile = (values, q) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * q))];
const results = new Map();
for (const boxes of [1000, 5000]) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Performance.enable", { timeDomain: "threadTicks" });
  await page.goto(`${demo.url}?width=3840&height=2160&boxes=${boxes}`);
  await page.waitForSelector("html[data-ready]", { state: "attached" });
  await page.waitForTimeout(1500);
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (const [zoomed, action] of [[false, "pan"], [false, "drag a box"], [true, "pan"], [true, "drag a box"]]) {
      // Interleaved, so that whatever else the machine does hits both alike.
      for (const naive of repeat % 2 ? [true, false] : [false, true]) {
        const settings = { action: action === "pan" ? "pan" : "drag", naive, zoomed, frames: naive ? Math.ceil(frames / 6) : frames };
        await page.evaluate(prepare, settings);
        const before = await threadTime(cdp);
        const between = await page.evaluate(measure, settings);
        const cpu = ((await threadTime(cdp)) - before) / (settings.frames + 11);
        const key = JSON.stringify([boxes, zoomed ? "1:1" : "whole image", action]);
        const entry = results.get(key) ?? { tiled: { between: [], cpu: [] }, naive: { between: [], cpu: [] } };
        entry[naive ? "naive" : "tiled"].between.push(...between);
        entry[naive ? "naive" : "tiled"].cpu.push(cpu);
        results.set(key, entry);
      }
    }
  }
  await page.close();
}
const next = await nextImageTimes();
await browser.close();
demo.close();

/** From the key that submits to the next image's pixels being on the canvas, the next images having been prefetched. */
async function nextImageTimes() {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  // A bitmap that the server makes, so that the page itself has nothing else to do.
  await page.goto(`${demo.url}?width=2448&height=2048&image=${encodeURIComponent("/tile/0/0/0?w=2448&h=2048&t=4096&n={index}")}`);
  await page.waitForSelector("html[data-ready]", { state: "attached" });
  const times = [];
  for (let i = 0; i < 8; i++) {
    await page.waitForTimeout(3000);
    times.push(await page.evaluate(() => new Promise((resolve) => {
      const { annotator } = window;
      annotator.run("noDefect");
      annotator.addEventListener("perenne-image-shown", () => requestAnimationFrame(() => resolve(performance.now() - start)), { once: true });
      const start = performance.now();
      annotator.run("submit");
    })));
  }
  await page.close();
  return times;
}

const ms = (value) => value.toFixed(1);
console.log(`Node ${process.version}, ${os.cpus().length} × ${os.cpus()[0]?.model.trim()}, software rendering, load ${os.loadavg()[0].toFixed(1)}, ${repeats} × ${frames} frames a cell\n`);
console.log("| boxes | view | while | frame median, ms | frame p95, ms | longest, ms | CPU a frame, ms | naive: frame median, ms | naive: frame p95, ms | naive: CPU a frame, ms |");
console.log("|---|---|---|---|---|---|---|---|---|---|");
for (const [key, { tiled, naive }] of results) {
  const [boxes, view, action] = JSON.parse(key);
  const row = [boxes, view, action, ms(quantile(tiled.between, 0.5)), ms(quantile(tiled.between, 0.95)), ms(Math.max(...tiled.between)), ms(quantile(tiled.cpu, 0.5)),
    ms(quantile(naive.between, 0.5)), ms(quantile(naive.between, 0.95)), ms(quantile(naive.cpu, 0.5))];
  console.log(`| ${row.join(" | ")} |`);
}
console.log(`\nNext image after submit (2448 × 2048, prefetched): median ${ms(quantile(next, 0.5))} ms, worst of ${next.length} ${ms(Math.max(...next))} ms`);

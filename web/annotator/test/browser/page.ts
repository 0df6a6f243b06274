import { chromium, type Browser, type BrowserContext, type CDPSession, type Page } from "playwright-core";
import { after, before } from "node:test";
import type { AnnotationDocument } from "../../src/contract";
import type { PerenneAnnotator } from "../../src/index";
import type { FakeHub, Weather } from "../../demo/fakeHub";

declare global {
  interface Window { annotator: PerenneAnnotator; hub: FakeHub; currentTask(): string; show(index: number): Promise<void> }
}

let browser: Browser;

export function useBrowser(): void {
  before(async () => {
    browser = await chromium.launch({
      executablePath: process.env["PERENNE_CHROMIUM"] ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
    });
  });
  after(() => browser.close());
}

/** A browser profile of its own: storage, locks and channels are shared by its tabs only. */
export class Visit {
  readonly context: BrowserContext;
  readonly errors: string[] = [];

  private constructor(context: BrowserContext) { this.context = context; }

  static async start(options: { width?: number; height?: number; touch?: boolean } = {}): Promise<Visit> {
    return new Visit(await browser.newContext({ viewport: { width: options.width ?? 1280, height: options.height ?? 800 }, hasTouch: options.touch ?? false }));
  }

  async open(query = ""): Promise<Tab> {
    const page = await this.context.newPage();
    page.setDefaultTimeout(15_000);
    page.on("pageerror", (error) => this.errors.push(error.message));
    await page.goto(process.env["PERENNE_DEMO_URL"] + query);
    await page.waitForSelector("html[data-ready]", { state: "attached" });
    return new Tab(page, await this.context.newCDPSession(page));
  }

  async end(): Promise<void> {
    await this.context.close();
    if (this.errors.length > 0) throw new Error(`The page threw: ${this.errors.join("; ")}`);
  }
}

export class Tab {
  readonly page: Page;
  readonly cdp: CDPSession;

  constructor(page: Page, cdp: CDPSession) {
    this.page = page;
    this.cdp = cdp;
  }

  /** Where an image point is on the page, in CSS pixels. */
  async at(x: number, y: number): Promise<{ x: number; y: number }> {
    return this.page.evaluate(([ix, iy]) => {
      const { scale, offsetX, offsetY } = window.annotator.session()!.viewport;
      const { left, top } = window.annotator.shadowRoot!.querySelector(".stage")!.getBoundingClientRect();
      return { x: left + ix * scale + offsetX, y: top + iy * scale + offsetY };
    }, [x, y] as const);
  }

  async click(x: number, y: number): Promise<void> {
    const at = await this.at(x, y);
    await this.page.mouse.click(at.x, at.y);
  }

  async drag(x1: number, y1: number, x2: number, y2: number): Promise<void> {
    const from = await this.at(x1, y1), to = await this.at(x2, y2);
    await this.page.mouse.move(from.x, from.y);
    await this.page.mouse.down();
    await this.page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2);
    await this.page.mouse.move(to.x, to.y);
    await this.page.mouse.up();
  }

  async keys(...keys: string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  document(): Promise<AnnotationDocument> { return this.page.evaluate(() => window.annotator.document!); }

  /** Boxes on the screen's document, in whole pixels. */
  async boxes(): Promise<number[][]> {
    return (await this.document()).shapes.map((shape) => (shape.kind === "box" ? shape.box.map(Math.round) : []));
  }

  stored(task = "task-1"): Promise<AnnotationDocument> { return this.page.evaluate((id) => window.hub.read(id).document, task); }
  weather(weather: Weather): Promise<void> { return this.page.evaluate((value) => { window.hub.weather = value; }, weather); }

  /** The save state as the person reads it. */
  status(): Promise<string> { return this.page.locator(".sync").innerText(); }

  async until(text: string | RegExp): Promise<void> {
    await this.page.locator(".sync").filter({ hasText: text }).waitFor();
  }

  async notice(text: string | RegExp): Promise<void> {
    await this.page.locator(".notice").filter({ hasText: text }).waitFor();
  }

  async touch(type: "touchStart" | "touchMove" | "touchEnd", ...points: { x: number; y: number }[]): Promise<void> {
    await this.cdp.send("Input.dispatchTouchEvent", { type, touchPoints: points.map((point, id) => ({ ...point, id })) });
  }
}

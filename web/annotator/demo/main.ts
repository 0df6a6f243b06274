import type { AnnotationTask, ImageSource, LabelClass, Shape } from "../src/contract";
import { PerenneAnnotator } from "../src/index";
import { FakeHub } from "./fakeHub";
import { boardUrl, randomBoxes, scan } from "./pictures";

const query = new URLSearchParams(location.search);
const number = (name: string, otherwise: number): number => Number(query.get(name) ?? otherwise);

const classes: LabelClass[] = [
  { name: "open", title: "Open circuit", color: "#e4572e" }, { name: "short", title: "Short", color: "#ffc914" }, { name: "mousebite", title: "Mouse bite", color: "#2e86ff" },
  { name: "spur", title: "Spur", color: "#76b041", attributes: [{ name: "severity", type: "choice", options: ["minor", "major"] }, { name: "touches pad", type: "boolean" }] },
  { name: "copper", title: "Spurious copper", color: "#c77dff" }, { name: "pin-hole", title: "Pin-hole", color: "#00c2c7" },
];

const width = number("width", 1280), height = number("height", 960);
const hub = new FakeHub();
const pictures = new Map<number, Promise<ImageSource>>();

function picture(index: number): Promise<ImageSource> {
  let image = pictures.get(index);
  const given = query.get("image");
  if (!image) {
    image = query.has("tiled") ? Promise.resolve(scan(width, height))
      : given ? Promise.resolve({ type: "plain", url: given.replace("{index}", String(index)), width, height })
      : boardUrl(width, height, index).then((url) => ({ type: "plain", url, width, height }));
    pictures.set(index, image);
  }
  return image;
}

const shape = (id: string, label: string, box: [number, number, number, number], score?: number): Shape =>
  ({ id, kind: "box", label, box, attributes: {}, ...(score === undefined ? {} : { score }) });

async function task(index: number): Promise<AnnotationTask> {
  const id = `task-${index}`;
  const stored = hub.read(id);
  if (stored.revision === 1 && stored.document.shapes.length === 0 && query.has("boxes")) {
    hub.write(id, { ...stored, revision: 2, document: { ...stored.document, verdict: "defects", shapes: randomBoxes(number("boxes", 0), width, height, classes.map((one) => one.name)) } });
  }
  const { revision, document } = hub.read(id);
  return {
    id, lease: `lease-${index}`, revision, document, image: await picture(index), classes, title: `Board ${index} · Front side · Plant Lyon`,
    mode: (query.get("mode") ?? "annotate") as "annotate" | "review" | "view",
    ...(query.has("proposals") ? { proposals: [shape("p1", "open", [300, 200, 90, 70], 0.91), shape("p2", "spur", [700, 420, 60, 60], 0.64), shape("p3", "short", [900, 700, 120, 50], 0.43)] } : {}),
    ...(query.has("values") ? { tagClasses: ["open", "short"], values: [{ name: "coverage", title: "Coverage", unit: "%", minimum: 0, maximum: 100 }] } : {}),
    ...(index > 1 ? { previous: hub.read(`task-${index - 1}`).document } : {}),
    ...(query.has("before") ? { before: { ...document, shapes: [shape("gone", "short", [200, 500, 80, 60]), ...document.shapes.slice(0, 1).map((one) => (one.kind === "box" ? { ...one, box: [one.box[0] - 12, one.box[1] - 8, one.box[2], one.box[3]] as const } : one))] } } : {}),
    ...(query.has("others") ? { others: [
      { author: "ana", document: { shapes: [shape("a1", "open", [300, 200, 90, 70]), shape("a2", "spur", [700, 420, 60, 60])], tags: [], values: {}, verdict: "defects" as const } },
      { author: "ben", document: { shapes: [shape("b1", "open", [304, 204, 90, 70]), shape("b2", "short", [702, 424, 60, 60])], tags: [], values: {}, verdict: "defects" as const } },
      { author: "cho", document: { shapes: [shape("c1", "open", [298, 198, 92, 72]), shape("c3", "pin-hole", [900, 640, 44, 44])], tags: [], values: {}, verdict: "defects" as const } },
    ] } : {}),
  };
}

const annotator = document.querySelector("perenne-annotator") as PerenneAnnotator;
document.documentElement.dataset["bsTheme"] = query.get("theme") ?? "light";
annotator.configure({ transport: hub, user: query.get("user") ?? "ana", language: query.get("language") ?? "en" });

let current = number("task", 1);
async function show(index: number): Promise<void> {
  current = index;
  await annotator.load(await task(index));
  void Promise.all([1, 2, 3].map((ahead) => picture(index + ahead))).then((images) => annotator.prefetch(images));
}
/** `?preview=300`: the hub takes so long to hand out the next task, whose picture is known already. */
async function goOn(): Promise<void> {
  if (query.has("preview")) {
    annotator.preview(await picture(current + 1));
    await new Promise((resolve) => setTimeout(resolve, number("preview", 300)));
    if (hub.weather !== "online") return;
  }
  await show(current + 1);
}
for (const name of ["submit", "skip", "accept", "reject"]) annotator.addEventListener(`perenne-${name}`, () => void goOn());
annotator.addEventListener("perenne-sign-in", () => {
  hub.weather = "online";
  annotator.signedIn();
});

// For tests and the bench.
Object.assign(window, { annotator, hub, show, currentTask: () => `task-${current}` });
await show(current);
document.documentElement.dataset["ready"] = "";

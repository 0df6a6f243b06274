import type { AnnotationDocument, AnnotationTask, LabelClass, SaveResult } from "../../annotator/src/contract";
import { PerenneAnnotator } from "../../annotator/src/index";

/** What the image page writes into data-view. */
interface ImageView {
  readonly id: string;
  readonly title: string;
  readonly width: number;
  readonly height: number;
  readonly tiles: string;
  readonly tileSize: number;
  readonly document: AnnotationDocument;
  readonly classes: readonly LabelClass[];
}

/** Levels until a single tile holds the picture, as the hub makes them. */
export function levelsOf(width: number, height: number, tileSize: number): number {
  let levels = 1;
  for (let side = Math.max(width, height); side > tileSize; side = Math.ceil(side / 2)) levels++;
  return levels;
}

function taskOf(view: ImageView): AnnotationTask {
  return {
    // Looking takes no lock: any number of tabs may show the same picture.
    id: `view-${view.id}-${Math.random().toString(36).slice(2)}`,
    lease: "", revision: 0, mode: "view", title: view.title, document: view.document, classes: view.classes,
    image: {
      type: "tiled", width: view.width, height: view.height, tileSize: view.tileSize, levels: levelsOf(view.width, view.height, view.tileSize),
      url: (level, x, y) => `${view.tiles}/${level}/${x}/${y}`,
    },
  };
}

const nothingToSave = (): Promise<SaveResult> => Promise.resolve({ status: "refused", message: "" });

function show(): void {
  document.querySelectorAll<PerenneAnnotator>("perenne-annotator[data-view]").forEach((element) => {
    const text = element.dataset["view"];
    if (!text || element.dataset["shown"] === text) return;
    element.dataset["shown"] = text;
    element.configure({ transport: { save: nothingToSave, decide: nothingToSave }, user: "viewer" });
    void element.load(taskOf(JSON.parse(text) as ImageView));
  });
}

window.Blazor?.addEventListener("enhancedload", show);
show();

import { PerenneAnnotator } from "./element/annotator";

export type * from "./contract";
export type { AnnotatorHost } from "./element/annotator";
export { PerenneAnnotator };

if (!customElements.get("perenne-annotator")) customElements.define("perenne-annotator", PerenneAnnotator);

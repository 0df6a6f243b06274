import path from "node:path";
import { fileURLToPath } from "node:url";

export const webRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
export const assetRoot = path.resolve(webRoot, "../src/Perenne.Hub/wwwroot/assets");

/** Stable names: the pages refer to them, and the hub adds its own content fingerprint. */
export const entryPoints = {
  annotate: path.join(webRoot, "hub/src/annotate.ts"),
  annotator: path.join(webRoot, "annotator/src/index.ts"),
  charts: path.join(webRoot, "charts/src/index.ts"),
  hub: path.join(webRoot, "hub/src/hub.ts"),
  imageView: path.join(webRoot, "hub/src/imageView.ts"),
  upload: path.join(webRoot, "hub/src/upload.ts"),
  "hub-style": path.join(webRoot, "hub/src/hub.css"),
};

export const browserTargets = ["chrome110", "firefox115", "safari16.4"];

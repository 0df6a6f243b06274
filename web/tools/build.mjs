import { context } from "esbuild";
import { mkdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { assetRoot, browserTargets, entryPoints } from "./entries.mjs";
import { writeIconSprite } from "./icons.mjs";

const watch = process.argv.includes("--watch");
const { "hub-style": style, ...scripts } = entryPoints;

const common = {
  bundle: true,
  minify: !watch,
  sourcemap: true,
  target: browserTargets,
  outdir: assetRoot,
  logLevel: "warning",
  legalComments: "linked",
  loader: { ".svg": "text", ".woff2": "file" },
};

await rm(assetRoot, { recursive: true, force: true });
await mkdir(assetRoot, { recursive: true });

const contexts = await Promise.all([
  context({ ...common, entryPoints: scripts, format: "esm" }),
  context({ ...common, entryPoints: { hub: style } }),
  // Runs before the first paint, hence a classic script and not a module.
  context({ ...common, entryPoints: { theme: path.join(path.dirname(entryPoints.hub), "theme.ts") }, format: "iife" }),
]);

if (watch) {
  await Promise.all(contexts.map((one) => one.watch()));
  await writeIconSprite();
} else {
  await Promise.all(contexts.map((one) => one.rebuild()));
  await Promise.all(contexts.map((one) => one.dispose()));
  // Written last and renamed into place: its presence tells the .NET build that everything above is complete.
  const unfinished = await writeIconSprite(".part");
  await rename(unfinished, path.join(assetRoot, "icons.svg"));
}

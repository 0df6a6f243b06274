import { build } from "esbuild";
import { spawn } from "node:child_process";
import { readdir, rm } from "node:fs/promises";
import path from "node:path";
import { webRoot } from "./entries.mjs";

const suffix = process.argv.includes("--browser") ? ".browser.ts" : ".test.ts";
const only = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));

const files = [];
for (const workspace of ["annotator", "charts", "hub"]) {
  const folder = path.join(webRoot, workspace, "test");
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  files.push(...names.filter((name) => name.endsWith(suffix)).map((name) => path.join(folder, name)));
}
const chosen = files.filter((file) => only.length === 0 || only.some((part) => file.includes(part)));
if (chosen.length === 0) throw new Error(`No test file ends with ${suffix}${only.length ? ` and contains ${only.join(" or ")}` : ""}.`);

const outdir = path.join(webRoot, "annotator/dist/test");
await rm(outdir, { recursive: true, force: true });
await build({
  entryPoints: chosen,
  outdir,
  outbase: webRoot,
  bundle: true,
  platform: "node",
  format: "esm",
  outExtension: { ".js": ".mjs" },
  sourcemap: "inline",
  loader: { ".svg": "text" },
  external: ["playwright-core", "fake-indexeddb", "fake-indexeddb/*", "esbuild"],
  logLevel: "warning",
});
const built = chosen.map((file) => path.join(outdir, path.relative(webRoot, file).replace(/\.ts$/, ".mjs")));
const demo = suffix === ".browser.ts" ? await (await import("./demo.mjs")).serveDemo() : null;
const run = spawn(process.execPath, ["--enable-source-maps", "--test", "--test-timeout=300000", ...built], { stdio: "inherit", cwd: webRoot, env: { ...process.env, PERENNE_DEMO_URL: demo?.url } });
run.on("exit", (code) => {
  demo?.close();
  process.exit(code ?? 1);
});

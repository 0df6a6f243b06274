import { build } from "esbuild";
import { createReadStream, existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { browserTargets, webRoot } from "./entries.mjs";

const demo = path.join(webRoot, "annotator/demo");

/** Serves the demo page on a free port (or `port`); `images` is a folder of real pictures to show under /images/. */
export async function serveDemo({ port = 0, images = process.env.PERENNE_DEMO_IMAGES } = {}) {
  const { outputFiles } = await build({
    entryPoints: [path.join(demo, "main.ts")], bundle: true, format: "esm", target: [...browserTargets.filter((one) => !one.startsWith("safari")), "es2022"],
    sourcemap: "inline", write: false, outdir: demo, loader: { ".svg": "text" }, logLevel: "warning",
  });
  const script = outputFiles[0].contents;
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url, "http://localhost");
    if (pathname === "/") return response.setHeader("content-type", "text/html").end(await readFile(path.join(demo, "index.html")));
    if (pathname === "/main.js") return response.setHeader("content-type", "text/javascript").end(Buffer.from(script));
    const tile = /^\/tile\/(\d+)\/(\d+)\/(\d+)$/.exec(pathname);
    if (tile) return response.setHeader("content-type", "image/bmp").end(tilePicture(tile.slice(1).map(Number), searchParams));
    const file = pathname.startsWith("/images/") && images ? path.join(images, path.normalize(pathname.slice(8))) : null;
    if (file?.startsWith(path.resolve(images)) && existsSync(file)) return createReadStream(file).pipe(response);
    response.writeHead(404).end();
  });
  await new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}

/** A 24-bit bitmap whose pattern follows full-size coordinates, so that levels must line up. */
function tilePicture([level, tx, ty], query) {
  const size = Number(query.get("t")), unit = 2 ** level;
  const width = Math.min(size, Math.ceil(Number(query.get("w")) / unit) - tx * size), height = Math.min(size, Math.ceil(Number(query.get("h")) / unit) - ty * size);
  const stride = Math.ceil((width * 3) / 4) * 4;
  const bytes = Buffer.alloc(54 + stride * height);
  bytes.write("BM");
  bytes.writeUInt32LE(bytes.length, 2);
  bytes.writeUInt32LE(54, 10);
  bytes.writeUInt32LE(40, 14);
  bytes.writeInt32LE(width, 18);
  bytes.writeInt32LE(-height, 22);
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(24, 28);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const fx = (tx * size + x) * unit, fy = (ty * size + y) * unit;
      const line = fx % 1024 < 4 * unit || fy % 1024 < 4 * unit;
      const value = line ? 40 : 120 + (((fx >> 6) ^ (fy >> 6)) & 63);
      const at = 54 + y * stride + x * 3;
      bytes[at] = value;
      bytes[at + 1] = line ? 60 : value;
      bytes[at + 2] = line ? 200 : value;
    }
  }
  return bytes;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { url } = await serveDemo({ port: Number(process.env.PORT ?? 5199) });
  console.log(`The annotator's demo page: ${url}  (add ?proposals, ?boxes=5000, ?tiled&width=16384&height=16384, ?mode=review&before, ?others, ?theme=dark, ?language=fr)`);
}

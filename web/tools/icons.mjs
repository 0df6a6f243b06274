import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { assetRoot, webRoot } from "./entries.mjs";

const listPath = path.join(webRoot, "hub/icons.txt");
const iconRoot = path.join(webRoot, "node_modules/@tabler/icons/icons");

/** One sprite of the icons the pages name in hub/icons.txt; the whole icon font would weigh 800 kB. */
export async function writeIconSprite(suffix = "") {
  const names = (await readFile(listPath, "utf8"))
    .split("\n").map((line) => line.trim()).filter((line) => line && !line.startsWith("#"));
  const symbols = await Promise.all(names.map(symbolOf));
  const target = path.join(assetRoot, `icons.svg${suffix}`);
  await writeFile(target, `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`);
  return target;
}

async function symbolOf(name) {
  const svg = await readFile(path.join(iconRoot, "outline", `${name}.svg`), "utf8").catch(() => {
    throw new Error(`web/hub/icons.txt names the icon "${name}", which Tabler does not have. Correct the name or remove the line.`);
  });
  const inner = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>")).replace(/\s*\n\s*/g, "");
  return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${inner}</symbol>`;
}

// Bundles what the pages use into dist/: static/ is served, fonts/ goes into PDF files.
// The names stay the same; the server adds a digest of the content to each address.
import { build } from "esbuild";
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const staticFolder = "dist/static";
const fontFolder = "dist/fonts";

// House rule: pages work from Chromium 86 on, which many offices still have.
const target = "chrome86";

await rm("dist", { recursive: true, force: true });
await mkdir(staticFolder, { recursive: true });
await mkdir(fontFolder, { recursive: true });
await Promise.all([
  bundle(),
  sprite(),
  fonts(),
  copyFile("src/favicon.svg", `${staticFolder}/favicon.svg`),
]);

async function bundle() {
  await build({
    entryPoints: ["src/app.ts", "src/charts.ts", "src/app.css", "src/dark.css"],
    outdir: staticFolder,
    bundle: true,
    minify: true,
    target,
    format: "iife",
    charset: "utf8",
    legalComments: "eof",
    logLevel: "warning",
  });
}

// One sprite of the icons that src/icons.txt names; the style sheet says how they are drawn.
async function sprite() {
  const lines = (await readFile("src/icons.txt", "utf8")).split("\n").filter(Boolean);
  const symbols = await Promise.all(
    lines.map(async (name) => {
      const file = require.resolve(`@tabler/icons/outline/${name}.svg`);
      const svg = await readFile(file, "utf8");
      const paths = svg.match(/<path[^>]*d="[^"]+"[^>]*>/g).filter((path) => !path.includes('d="M0 0h24v24H0z"'));
      return `<symbol id="${name}" viewBox="0 0 24 24">${paths.join("")}</symbol>`;
    }),
  );
  await writeFile(
    `${staticFolder}/icons.svg`,
    `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`,
  );
}

// The open fonts that a PDF embeds; a site may drop in its own.
async function fonts() {
  const weights = { "400Regular": "Regular", "700Bold": "Bold" };
  await Promise.all(
    Object.entries(weights).map(([folder, weight]) => {
      const file = require.resolve(
        `@expo-google-fonts/noto-serif-sc/${folder}/NotoSerifSC_${folder}.ttf`,
      );
      return copyFile(file, `${fontFolder}/NotoSerifSC-${weight}.ttf`);
    }),
  );
  const license = require.resolve("@expo-google-fonts/noto-serif-sc/LICENSE_FONT");
  await copyFile(license, `${fontFolder}/LICENSE.txt`);
}

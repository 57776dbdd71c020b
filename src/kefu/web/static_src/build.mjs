/* Bundles this folder into OUT (the first argument): node build.mjs OUT

Every file is named by its content, so browsers may keep it for ever; manifest.json maps "app.js", "app.css" and
"icons.svg" to the path below STATIC_URL, such as "kefu/app-1A2B3C4D.js". An icon that does not exist stops the build. */

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const packages = createRequire(import.meta.url);
const out = process.argv[2];

async function script(entry) {
  const { outputFiles } = await build({
    entryPoints: [join(here, entry)],
    bundle: true,
    minify: true,
    target: "es2022",
    legalComments: "inline",
    write: false,
  });
  return outputFiles[0].text;
}

function style() {
  const command = join(dirname(packages.resolve("@tailwindcss/cli/package.json")), "dist", "index.mjs");
  const words = [command, "--input", join(here, "app.css"), "--output", "-", "--minify"];
  return execFileSync(process.execPath, words, { cwd: here, stdio: ["ignore", "pipe", "pipe"], encoding: "utf8" });
}

function icons() {
  const folder = join(dirname(packages.resolve("lucide-static/package.json")), "icons");
  const names = readFileSync(join(here, "icons.txt"), "utf8").split("\n").filter(Boolean);
  const symbols = names.map((name) => {
    const drawing = readFileSync(join(folder, `${name}.svg`), "utf8").match(/<svg[^>]*>([\s\S]*)<\/svg>/)[1];
    return `<symbol id="${name}" viewBox="0 0 24 24">${drawing.replace(/\s*\n\s*/g, "")}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`;
}

const files = {
  "app.js": await script("app.ts"),
  "portal.js": await script("portal.ts"),
  "embed.js": await script("embed.ts"),
  "wall.js": await script("wall.ts"),
  "board.js": await script("board.ts"),
  "app.css": style(),
  "icons.svg": icons(),
};
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const manifest = {};
for (const [name, text] of Object.entries(files)) {
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 8).toUpperCase();
  const named = name.replace(".", `-${hash}.`);
  writeFileSync(join(out, named), text);
  // smaller ones beside it, once and for all: the server only chooses
  writeFileSync(join(out, `${named}.gz`), gzipSync(text, { level: 9 }));
  writeFileSync(join(out, `${named}.br`), brotliCompressSync(text));
  manifest[name] = `kefu/${named}`;
}
writeFileSync(join(out, "manifest.json"), JSON.stringify(manifest, null, 2) + "\n");

// Fails when the JavaScript of the first view (signing in, or the list of clients) is 200 kB or more, gzipped.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const LIMIT = 200_000;
const VIEWS = { "sign in": ["src/features/session/SignInPage.tsx"], clients: ["src/app/Shell.tsx", "src/features/clients/ClientsPage.tsx"] };

const dist = fileURLToPath(new URL("../dist", import.meta.url));
const manifest = JSON.parse(await readFile(join(dist, ".vite", "manifest.json"), "utf8"));

/** Every script that `entry` needs before it can show itself. */
function scripts(entry, seen = new Set()) {
  const chunk = manifest[entry];
  if (!chunk) throw new Error(`dist/.vite/manifest.json has no "${entry}": build first, or correct scripts/size.mjs`);
  if (seen.has(chunk.file)) return seen;
  seen.add(chunk.file);
  for (const imported of chunk.imports ?? []) scripts(imported, seen);
  return seen;
}

async function compressed(file) {
  return gzipSync(await readFile(join(dist, file)), { level: 9 }).length;
}

let failed = false;
for (const [view, entries] of Object.entries(VIEWS)) {
  const files = new Set();
  for (const entry of ["index.html", ...entries]) scripts(entry, files);
  const theme = await compressed("theme.js");
  const total = (await Promise.all([...files].map(compressed))).reduce((sum, size) => sum + size, theme);
  failed ||= total >= LIMIT;
  console.log(`${view}: ${(total / 1000).toFixed(1)} kB of ${LIMIT / 1000} kB in ${files.size + 1} files`);
}
if (failed) {
  console.error("The first view's JavaScript is too large: move what it does not need behind a lazy route.");
  process.exit(1);
}

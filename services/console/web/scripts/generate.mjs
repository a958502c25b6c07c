// Writes src/api/generated/<service>.d.ts from openapi/<service>.json. Not committed: made before every check and build.
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import openapiTS, { astToString } from "openapi-typescript";

const root = fileURLToPath(new URL("..", import.meta.url));
const from = join(root, "openapi");
const to = join(root, "src", "api", "generated");

await mkdir(to, { recursive: true });
for (const file of (await readdir(from)).filter((name) => name.endsWith(".json"))) {
  const document = JSON.parse(await readFile(join(from, file), "utf8"));
  const types = astToString(await openapiTS(document));
  await writeFile(join(to, `${basename(file, ".json")}.d.ts`), `// Made by "npm run generate" from openapi/${file}.\n${types}`);
}

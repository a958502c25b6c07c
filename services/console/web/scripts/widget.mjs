// Builds the website chat into dist: /widget.js, which is the button, and the panel that it loads when it is opened,
// under a name that changes with what is in it, and under one that stays for pages that were loaded before a new version.
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = join(root, "dist");

async function make(entry, format, fileName, define = {}) {
  const [{ output }] = await build({
    configFile: false,
    root,
    publicDir: false,
    logLevel: "warn",
    define,
    build: {
      outDir: dist,
      emptyOutDir: false,
      target: "es2022",
      lib: { entry: join(root, "widget", entry), formats: [format], name: "kithChat" },
      rollupOptions: { output: { entryFileNames: fileName } },
    },
  });
  return output[0].fileName;
}

const panel = await make("panel.ts", "es", "assets/widget-panel-[hash].js");
await copyFile(join(dist, panel), join(dist, "widget-panel.js"));
await make("loader.ts", "iife", "widget.js", { __PANEL__: JSON.stringify(`/${panel}`) });

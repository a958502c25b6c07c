import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

/** Where a running console answers, for `npm run dev`. */
const origin = `http://127.0.0.1:${process.env.KITH_PORT ?? "8000"}`;

export default defineConfig({
  plugins: [react()],
  build: { target: "es2022", manifest: true, assetsInlineLimit: 0, chunkSizeWarningLimit: 700 },
  server: { proxy: { "/api": origin } },
  test: { environment: "node", include: ["src/**/*.test.ts", "widget/*.test.ts"], sequence: { shuffle: true } },
});

import { defineConfig } from "tsup";

export default defineConfig({
  entry: { index: "src/index.ts", "lane-thread": "src/lanes/lane-thread.ts" },
  format: "esm",
  target: "node20",
  dts: true,
  clean: true,
  sourcemap: true,
});

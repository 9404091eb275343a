import { defineConfig } from "tsup";

export default defineConfig({
  entry: {
    index: "src/index.ts",
    view: "src/view/index.ts",
    report: "src/report/index.ts",
    "figures-thread": "src/view/figures-thread.ts",
  },
  format: "esm",
  target: "node20",
  dts: true,
  clean: true,
  sourcemap: true,
});

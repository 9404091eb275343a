import { defineConfig } from "tsup";

export default defineConfig({
  entry: { index: "src/index.ts", local: "src/local/index.ts", testing: "src/testing/index.ts" },
  format: "esm",
  target: "node20",
  dts: true,
  clean: true,
  sourcemap: true,
});

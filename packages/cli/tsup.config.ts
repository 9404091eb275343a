import { defineConfig } from "tsup";

export default defineConfig({
  entry: {
    index: "src/index.ts",
    bin: "src/bin.ts",
    config: "src/config/config.ts",
  },
  format: "esm",
  target: "node20",
  dts: { entry: { index: "src/index.ts", config: "src/config/config.ts" } },
  clean: true,
  sourcemap: true,
});

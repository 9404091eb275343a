import { defineConfig } from "tsup";

export default defineConfig({
  entry: {
    index: "src/index.ts",
    database: "src/database/index.ts",
    testing: "src/testing/index.ts",
    isolation: "src/isolation/index.ts",
    "verifier-thread": "src/isolation/verifier-thread.ts",
    "verifier-process": "src/isolation/verifier-process.ts",
  },
  format: "esm",
  target: "node20",
  dts: true,
  clean: true,
  sourcemap: true,
});

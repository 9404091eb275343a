import { defineConfig } from "tsup";

export default defineConfig({
  entry: {
    index: "src/index.ts",
    "task-in-host": "src/load/task-in-host.ts",
    "guard-thread": "src/guard/guard-thread.ts",
    "check-child": "src/check/check-child.ts",
  },
  format: "esm",
  target: "node20",
  dts: { entry: "src/index.ts" },
  clean: true,
  sourcemap: true,
});

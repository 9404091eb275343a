import { defineConfig } from "tsup";

export default defineConfig({
  entry: {
    bin: "src/bin.ts",
    "task-in-host": "src/plugins/task-in-host.ts",
    "check-child": "src/check/check-child.ts",
  },
  format: "esm",
  target: "node20",
  clean: true,
  sourcemap: true,
});

import { defineConfig } from "tsup";

export default defineConfig({
  entry: { index: "src/index.ts" },
  format: "esm",
  target: "node20",
  dts: true,
  clean: true,
  sourcemap: true,
  // After it, for it empties the folder; the page is a part of the package.
  onSuccess: "vite build --logLevel warn",
});

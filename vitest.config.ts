import { defineConfig, type ViteUserConfig } from "vitest/config";
import tsconfig from "./tsconfig.json" with { type: "json" };

/** The workspace's own packages are tested from source: the aliases are those of tsconfig.json. */
const alias = Object.entries(tsconfig.compilerOptions.paths).map(([name, [path]]) => ({
  find: new RegExp(`^${name}$`),
  replacement: new URL(path as string, import.meta.url).pathname,
}));

const config: ViteUserConfig = defineConfig({
  resolve: { alias },
  test: {
    include: ["packages/*/{src,test,recipe}/**/*.test.ts", "scripts/**/*.test.ts"],
    testTimeout: 60_000,
    // The runs that tests begin are none that their user began.
    env: { RRR_STATE_DIR: new URL("./node_modules/.cache/rrr-state", import.meta.url).pathname },
    // Two cores: more workers only make onnxruntime's threads fight each other.
    maxWorkers: 2,
  },
});
export default config;

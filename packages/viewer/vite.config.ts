import { defineConfig, type UserConfig } from "vite";

const config: UserConfig = defineConfig({
  root: new URL("src/app", import.meta.url).pathname,
  // The page is served at the root of a server of its own.
  base: "/",
  esbuild: { jsx: "automatic", jsxImportSource: "preact" },
  build: {
    outDir: new URL("dist/app", import.meta.url).pathname,
    emptyOutDir: true,
    target: "es2022",
    // The content security policy lets nothing in that is not a file of this server.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1_000,
  },
});
export default config;

import { defineConfig } from "vitest/config";

// Without a file here, vitest takes the nearest one of the folders above.
export default defineConfig({});

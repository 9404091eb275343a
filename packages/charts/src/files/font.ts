import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/** Inter's Latin letters (SIL Open Font License), so that a picture looks the same where Inter is not installed. */
export function fontFile(weight: 400 | 700, format: "woff" | "woff2"): Promise<Buffer> {
  return readFile(require.resolve(`@fontsource/inter/files/inter-latin-${weight}-normal.${format}`));
}

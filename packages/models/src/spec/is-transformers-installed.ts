import { createRequire } from "node:module";

/** Whether @huggingface/transformers is there to be loaded. It is looked for, not loaded: that takes a second. */
export function isTransformersInstalled(): boolean {
  try {
    createRequire(import.meta.url).resolve("@huggingface/transformers");
    return true;
  } catch {
    return false;
  }
}

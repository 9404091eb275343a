export { isBuiltinModelDir } from "./is-builtin-model.ts";

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/**
 * The folder, in Hugging Face layout, of the small model that ships with rrr for a task.
 * A task without one of its own gets the Countdown model: it reads any text, and will fail at most.
 * @example
 * const engine = await createOnnxEngine(await readModelDir(builtinModelDir("countdown")));
 */
export function builtinModelDir(task: string): string {
  const own = fileURLToPath(new URL(`../models/${encodeURIComponent(task)}/`, import.meta.url));
  return existsSync(own) ? own : fileURLToPath(new URL("../models/countdown/", import.meta.url));
}

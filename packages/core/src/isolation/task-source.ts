import { isAbsolute } from "node:path";
import { pathToFileURL } from "node:url";
import { assertTask } from "../check-task.ts";
import { messageOf, RrrError } from "../errors.ts";
import type { Task } from "../task.ts";

/** Where a task comes from: a task has functions, which cannot be sent, so a host makes its own. */
export interface TaskSource {
  /**
   * An absolute path or a URL: `import.meta.resolve("rrr-task-even")`, `new URL("./even.js", import.meta.url)`. Its
   * default export is the task, or a function of options that makes it.
   */
  readonly module: string | URL;
  /** What the function is called with; data only. */
  readonly options?: unknown;
}

/** A source that can be sent. @throws RrrError `bad-argument` for a module that other places would not find. */
export function toSendable({ module, options = {} }: TaskSource): TaskSource {
  if (typeof module === "string" && isAbsolute(module))
    return { module: pathToFileURL(module).href, options };
  const href = String(module);
  if (URL.canParse(href)) return { module: href, options };
  throw new RrrError(
    "bad-argument",
    `the module of a task must be an absolute path or a URL, got "${href}"`,
    {
      hint: `Write import.meta.resolve("${href}").`,
    },
  );
}

/** @throws RrrError `plugin-failed`, `bad-task`, or what the plugin throws of ours */
export async function loadSource({ module, options }: TaskSource): Promise<Task> {
  const task = await makeTask(String(module), options);
  assertTask(task);
  return task;
}

async function makeTask(href: string, options: unknown): Promise<unknown> {
  try {
    const exported: unknown = (await import(href)).default;
    // Compiled to CommonJS, `export default` arrives one level down.
    const isInterop = typeof exported === "object" && exported !== null && "__esModule" in exported;
    const made = isInterop ? (exported as { readonly default?: unknown }).default : exported;
    return typeof made === "function" ? await made(options) : made;
  } catch (cause) {
    if (RrrError.is(cause)) throw cause;
    const message = `loading ${href} where its verifier is to run threw: ${messageOf(cause)}`;
    throw new RrrError("plugin-failed", message, { cause });
  }
}

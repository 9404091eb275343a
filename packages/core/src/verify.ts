import { messageOf, RrrError } from "./errors.ts";
import { show } from "./show.ts";
import type { Task } from "./task.ts";
import { invalid, type Verdict } from "./verdict.ts";

/** How long a verifier may take where nothing else is said. */
export const DEFAULT_VERIFY_TIMEOUT_MS = 5_000;

export interface VerifySettings {
  /** Default: `DEFAULT_VERIFY_TIMEOUT_MS`. */
  readonly timeoutMs?: number;
}

/**
 * Runs a task's verifier on untrusted output. Never rejects: a verifier that throws, returns something that is
 * no verdict, or outlives the limit gives `invalid`. A verifier that blocks the thread is found out only when it
 * returns.
 */
export async function verifyWithin<Item>(
  task: Pick<Task<Item>, "name" | "verify">,
  item: Item,
  completion: string,
  settings: VerifySettings = {},
): Promise<Verdict> {
  const timeoutMs = settings.timeoutMs ?? DEFAULT_VERIFY_TIMEOUT_MS;
  const controller = new AbortController();
  const start = performance.now();
  try {
    const result = task.verify(item, completion, { signal: controller.signal });
    const returned = isThenable(result)
      ? await within(result, timeoutMs - (performance.now() - start))
      : result;
    if (returned === LATE || performance.now() - start > timeoutMs) {
      const error = new RrrError(
        "verifier-timeout",
        `the verifier of task "${task.name}" took longer than ${timeoutMs} ms`,
      );
      controller.abort(error);
      return invalid(error);
    }
    return toVerdict(task.name, returned);
  } catch (cause) {
    return invalid(
      new RrrError("verifier-failed", `the verifier of task "${task.name}" threw: ${messageOf(cause)}`, {
        cause,
      }),
    );
  }
}

const LATE: unique symbol = Symbol("late");

function within<T>(promise: PromiseLike<T>, ms: number): Promise<T | typeof LATE> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(LATE), Math.max(0, ms));
    promise.then(
      (value) => {
        clearTimeout(timer);
        resolve(value);
      },
      (reason) => {
        clearTimeout(timer);
        reject(reason);
      },
    );
  });
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function"
  );
}

/** Copies the fields, each read once: what a plugin returned may have getters, or change later. */
function toVerdict(name: string, returned: unknown): Verdict {
  const { kind, code, detail, error } = (returned ?? {}) as Readonly<Record<string, unknown>>;
  if (kind === "pass") return { kind };
  if (kind === "fail" && typeof code === "string" && code !== "") {
    return typeof detail === "string" ? { kind, code, detail } : { kind, code };
  }
  if (kind === "invalid") {
    if (RrrError.is(error)) return { kind, error };
    return invalid(new RrrError("verifier-failed", `task "${name}": ${messageOf(error)}`, { cause: error }));
  }
  return invalid(
    new RrrError("verifier-failed", `the verifier of task "${name}" returned no verdict: ${show(returned)}`, {
      hint: "Return pass(), fail(code) or invalid(error) of @rrr/core.",
    }),
  );
}

import { messageOf, RrrError } from "./errors.ts";
import { show } from "./show.ts";
import type { Task } from "./task.ts";
import { callWithin, type VerifySettings } from "./time-limit.ts";
import { invalid, type Verdict } from "./verdict.ts";

/**
 * Runs a task's verifier on untrusted output. Never rejects: a verifier that throws, returns something that is
 * no verdict, outlives the limit or is under way at an abort gives `invalid`.
 */
export async function verifyWithin<Item>(
  task: Pick<Task<Item>, "name" | "verify">,
  item: Item,
  completion: string,
  settings: VerifySettings = {},
): Promise<Verdict> {
  try {
    const called = await callWithin(`the verifier of task "${task.name}"`, settings, (signal) =>
      task.verify(item, completion, { signal }),
    );
    return called.kind === "stopped" ? invalid(called.error) : toVerdict(task.name, called.value);
  } catch (cause) {
    return invalid(
      new RrrError("verifier-failed", `the verifier of task "${task.name}" threw: ${messageOf(cause)}`, {
        cause,
      }),
    );
  }
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

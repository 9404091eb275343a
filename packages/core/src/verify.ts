import { messageOf, RrrError } from "./errors.ts";
import { show } from "./show.ts";
import type { MaybePromise, Task } from "./task.ts";
import { type Called, type Clock, callWithin, isThenable, type VerifySettings } from "./time-limit.ts";
import { invalid, type Verdict } from "./verdict.ts";

type Checked<Item> = Pick<Task<Item>, "name" | "verify">;

/**
 * Runs a task's verifier on untrusted output. Never rejects: a verifier that throws, returns something that is
 * no verdict, outlives the limit or is under way at an abort gives `invalid`.
 */
export function verifyWithin<Item>(
  task: Checked<Item>,
  item: Item,
  completion: string,
  settings: VerifySettings = {},
): Promise<Verdict> {
  const verdict = verifyNow(task, item, completion, settings);
  return isThenable(verdict) ? verdict : Promise.resolve(verdict);
}

/** `verifyWithin` that answers at once where the verifier does. */
export function verifyNow<Item>(
  task: Checked<Item>,
  item: Item,
  completion: string,
  settings: VerifySettings,
  clock?: Clock,
): MaybePromise<Verdict> {
  try {
    if (task.verify.within !== undefined) return task.verify.within(item, completion, settings);
    return verifyHere(task, item, completion, settings, clock);
  } catch (cause) {
    return failed(task, cause);
  }
}

function verifyHere<Item>(
  task: Checked<Item>,
  item: Item,
  completion: string,
  settings: VerifySettings,
  clock: Clock | undefined,
): MaybePromise<Verdict> {
  const what = `the verifier of task "${task.name}"`;
  const called = callWithin(what, settings, (context) => task.verify(item, completion, context), clock);
  const finish = (outcome: Called<Verdict>): Verdict =>
    outcome.kind === "stopped" ? invalid(outcome.error) : toVerdict(task.name, outcome.value);
  return isThenable(called) ? called.then(finish).catch((cause) => failed(task, cause)) : finish(called);
}

function failed({ name }: { readonly name: string }, cause: unknown): Verdict {
  const message = `the verifier of task "${name}" threw: ${messageOf(cause)}`;
  return invalid(new RrrError("verifier-failed", message, { cause }));
}

/** Copies the fields, each read once: what a plugin returned may have getters, or change later. */
export function toVerdict(name: string, returned: unknown): Verdict {
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

import { createContext, Script } from "node:vm";
import { RrrError } from "@rrr/core";

/** A thousand times what the slowest real template or tokenizer needs. */
const DEADLINE_MS = 5000;

const sandbox: { call?: () => void } = {};
const context = createContext(sandbox);
const script = new Script("call()");

/** What is being done now, under a deadline. */
let doing: string | undefined;

/**
 * Runs what a model's files tell to do: a template's loops, a tokenizer's regular expressions. These run without a pause
 * and may never end; only the runtime can stop them, with a thread for each call that watches it. Calls within a call have
 * its deadline: a thousand prompts that begin together are done twice as fast so.
 * @throws bad-model if it does not end in time; whatever `work` throws
 */
export function withinTime<Result>(what: string, work: () => Result): Result {
  const outer = doing;
  doing = what;
  if (outer !== undefined) {
    try {
      return work();
    } finally {
      doing = outer;
    }
  }
  let result: { readonly value: Result } | undefined;
  sandbox.call = () => {
    result = { value: work() };
  };
  try {
    script.runInContext(context, { timeout: DEADLINE_MS });
  } catch (cause) {
    if ((cause as { readonly code?: unknown } | null)?.code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw cause;
    throw new RrrError(
      "bad-model",
      // What was begun last: nothing of a call that is stopped is run any more.
      `${doing} does not come to an end: stopped after ${DEADLINE_MS / 1000} s`,
      {
        cause,
        hint: "The model's files are damaged or malicious: take the model from another source.",
      },
    );
  } finally {
    doing = undefined;
  }
  return (result as { readonly value: Result }).value;
}

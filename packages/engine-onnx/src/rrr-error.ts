import { AutodiffError, type AutodiffErrorCode } from "@rrr/autodiff";
import { RrrError, type RrrErrorCode } from "@rrr/core";

/** All others are mistakes in a graph. */
const CODES: Readonly<Partial<Record<AutodiffErrorCode, RrrErrorCode>>> = {
  "bad-argument": "bad-argument",
  "runtime-missing": "runtime-failed",
  "device-missing": "runtime-failed",
  "runtime-failed": "runtime-failed",
  closed: "aborted",
};

/** Throws errors of the graph library as errors of this one, and others as they are. */
export function rethrow(error: unknown): never {
  if (!AutodiffError.is(error)) throw error;
  throw new RrrError(CODES[error.code] ?? "bad-graph", error.message, {
    cause: error,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
  });
}

import { messageOf, RrrError } from "@rrr/core";

/** What to throw where a run's files cannot be written: a full disk or lost rights are no bug. */
export function writeFailed(path: string, cause: unknown): RrrError {
  if (RrrError.is(cause)) return cause;
  return new RrrError("bad-run", `${path} cannot be written: ${messageOf(cause)}`, {
    cause,
    hint: "See that its disk has space and that you may write there; what was written before is kept.",
  });
}

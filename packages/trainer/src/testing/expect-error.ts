import { messageOf, RrrError } from "@rrr/core";
import type { Report } from "./test-engine.ts";

/** Reports unless a call rejects with an RrrError of that code. */
export async function expectError(
  call: () => Promise<unknown>,
  code: RrrError["code"],
  what: string,
  report: Report,
): Promise<void> {
  try {
    await call();
    report("wrong-error", `${what} succeeded; it should reject with ${code}`);
  } catch (error) {
    if (!RrrError.is(error, code)) {
      report("wrong-error", `${what} rejects with "${messageOf(error)}", not with ${code}`);
    }
  }
}

import { RrrError } from "../errors.ts";

/** One way in which what was tested breaks its contract. */
export interface Finding<Code extends string = string> {
  readonly code: Code;
  readonly message: string;
}

/** @throws RrrError `code` that lists every finding; nothing without findings. */
export function throwFindings(
  subject: string,
  code: "bad-task" | "bad-model",
  findings: readonly Finding[],
): void {
  if (findings.length === 0) return;
  const lines = findings.map((finding) => `\n  ${finding.code}: ${finding.message}`);
  throw new RrrError(code, `${subject} breaks its contract in ${findings.length} ways:${lines.join("")}`);
}

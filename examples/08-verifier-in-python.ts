// A verifier in another language: a program that reads questions as lines of JSON and writes verdicts as such lines.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { verifyWithin } from "@rrr/core";
import { commandVerifier } from "@rrr/core/isolation";

const python = ["python3", "python"].find((command) => spawnSync(command, ["--version"]).status === 0);
if (python === undefined) {
  console.log("skipped: there is no python3 on this machine");
  process.exit(0);
}

const script = fileURLToPath(new URL("tasks/is_prime.py", import.meta.url));
const verify = commandVerifier<{ readonly least: number }>({ command: python, args: [script] });
const task = { name: "prime", verify };

for (const completion of ["101", "It is 103.", "91", "seven", "97"]) {
  // The time covers the start of the program, at the first question.
  const verdict = await verifyWithin(task, { least: 100 }, completion, { timeoutMs: 30_000 });
  console.log(completion, "·", verdict.kind === "fail" ? `fail ${verdict.code}` : verdict.kind);
}
await verify.close();

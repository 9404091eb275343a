// Two runs started by a program, listed and compared: is the built-in model better when it is greedy?
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compareRuns, comparisonText, listRuns, startRun } from "@rrr/runs";

const cwd = mkdtempSync(join(tmpdir(), "rrr-runs-"));
for (const [name, temperature] of [
  ["sampled", 1],
  ["greedy", 0],
] as const) {
  const evaluation = { temperature, controls: false };
  const plan = { kind: "evaluate", problems: 20, evaluation } as const;
  const run = await startRun({ task: "countdown", plan }, { cwd, out: join("runs", name) });
  for await (const event of run) if (event.kind === "evaluation") console.log(name, event.rates.after?.value);
}

for (const run of listRuns(cwd))
  console.log("error" in run ? run.error : `${run.name}: ${run.status}, ${run.after}`);
console.log(comparisonText(compareRuns("sampled", "greedy", cwd)));
rmSync(cwd, { recursive: true });

// Two runs of the command, listed and compared by a program: is the built-in model better when it is greedy?
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compareRuns, comparisonText, listRuns } from "@rrr/cli";

const rrr = fileURLToPath(new URL("bin/rrr.js", import.meta.resolve("@rrr/cli/package.json")));
const cwd = mkdtempSync(join(tmpdir(), "rrr-runs-"));
const evaluate = (name: string, temperature: string): void => {
  const args = ["eval", "countdown", "--limit", "20", "--no-controls", "--temperature", temperature];
  execFileSync(process.execPath, [rrr, ...args, "--quiet", "--out", join("runs", name)], { cwd });
};
evaluate("sampled", "1");
evaluate("greedy", "0");

for (const run of listRuns(cwd))
  console.log("error" in run ? run.error : `${run.name}: ${run.status}, ${run.after}`);
console.log(comparisonText(compareRuns("sampled", "greedy", cwd)));
rmSync(cwd, { recursive: true });

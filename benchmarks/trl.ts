/**
 * `pnpm test:trl --python <Python> [--steps 2]`: does examples/trl still train with the TRL that is installed, and does `rrr eval`
 * read what it saves? Skips where the Python does not have it: `pip install trl==1.16.0 accelerate torch`. By hand, about
 * three minutes; build first.
 */
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { builtinModelDir } from "@rrr/builtin-model";
import { scratchFolder } from "./servers/scratch.ts";

const { values } = parseArgs({
  options: {
    python: { type: "string", default: "python3" },
    steps: { type: "string", default: "2" },
    episodes: { type: "string", default: "16" },
  },
});
const { steps, episodes } = values;
// It is started in another folder.
const python = values.python.includes("/") ? resolve(values.python) : values.python;
const found = spawnSync(python, ["-W", "ignore", "-c", "import trl, accelerate, torch"], {
  encoding: "utf8",
});
if (found.status !== 0) {
  const why = found.error?.message ?? found.stderr.trim().split("\n").at(-1);
  console.log(
    `skipped: ${python} does not have what this needs (${why}): pip install trl==1.16.0 accelerate torch`,
  );
  process.exit(0);
}

const scratch = scratchFolder("trl");
const rrr = [
  process.execPath,
  fileURLToPath(new URL("../packages/cli/bin/rrr.js", import.meta.url)),
] as const;
const program = fileURLToPath(new URL("../examples/trl/train.py", import.meta.url));
const quick = ["--steps", "1", "--failures-per-step", "1", "--limit", "1", "--failures", "40"];
run([...rrr, "run", "countdown", ...quick, "--out", "runs/failures", "--quiet"]);
run([...rrr, "export", "runs/failures", "--what", "failures", "--out", "failures.jsonl"]);
for (const method of ["rrr", "grpo"]) {
  const verify = `'${rrr.join("' '")}' verify countdown --quiet`;
  const paths = ["--model", builtinModelDir("countdown"), "--failures", "failures.jsonl", "--out", method];
  const size = ["--steps", steps, "--episodes", episodes];
  run([python, "-W", "ignore", program, "--method", method, ...paths, "--verify", verify, ...size]);
  const small = ["--limit", "20", "--no-controls", "--quiet"];
  run([...rrr, "eval", "countdown", "--model", `./${method}`, ...small, "--out", `runs/${method}`]);
}
console.log("both methods trained, and rrr eval reads what they saved");

function run([command, ...args]: readonly [string, ...string[]]): void {
  const env = { ...process.env, HF_HUB_OFFLINE: "1", TRL_EXPERIMENTAL_SILENCE: "1" };
  const { status } = spawnSync(command, args, { cwd: scratch, env, stdio: "inherit" });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${status}`);
}

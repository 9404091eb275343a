/**
 * `pnpm bench:resume [--problems 200000] [--controls] [--json]`: writes a run of so many finished problems, then resumes it
 * in front of a local server that notes when it is first asked. `rrr resume` must ask for the next problem within 5 s of
 * its start, and take at most 300 MB more memory than it does with a run that has nothing yet; writing must take no more
 * memory for the last problem than for the first. Build first: what is measured is what users install.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { writeResults } from "./resume/write-results.ts";

const MOST_SECONDS = 5;
const MOST_MB = 300;
const MOST_GROWTH_MB = 50;
/** Problems that are left to do: `rrr resume` must ask for the first of them, and comes to its end. */
const LEFT = 64;

const { values } = parseArgs({
  options: {
    problems: { type: "string", default: "200000" },
    controls: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});
const problems = Number(values.problems);
if (!Number.isSafeInteger(problems) || problems < 1) throw new Error("--problems must be a whole number ≥ 1");

const bin = fileURLToPath(new URL("../packages/cli/bin/rrr.js", import.meta.url));
const cwd = mkdtempSync(join(tmpdir(), "rrr-resume-"));
process.env.RRR_STATE_DIR = join(cwd, "state");
let onRequest = (_key: string | undefined): void => {};
const server = createServer((request, response) => {
  request.resume().on("end", () => {
    // What a server is asked about itself comes before the run is there.
    if (request.method === "POST") onRequest(request.headers.authorization);
    const message = { role: "assistant", content: "1" };
    const usage = { prompt_tokens: 60, completion_tokens: 3, total_tokens: 63 };
    const body = {
      object: "chat.completion",
      choices: [{ index: 0, message, finish_reason: "stop" }],
      usage,
    };
    response.setHeader("content-type", "application/json").end(JSON.stringify(body));
  });
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;

writeFileSync(
  join(cwd, "sums.mjs"),
  `const filler = "Think first, then say the answer in one line. ".repeat(4);
export default {
  spec: "rrr/task@1",
  name: "sums",
  schema: { "~standard": { version: 1, vendor: "bench", validate: (value) => ({ value }) } },
  *items(split) { for (let n = split === "test" ? 1 : 0; ; n += 2) yield { n, numbers: [n, n + 1, n + 2], target: 3 * n + 3 }; },
  prompt: ({ n, target }) => [{ role: "user", content: "Make " + target + " of three numbers from " + n + ". " + filler }],
  reflect: () => "That was wrong. Why?",
  limits: { attempt: 64, reflection: 64 },
  verify: ({ n }, completion) => (completion.length + n) % 4 < 2 ? { kind: "pass" } : { kind: "fail", code: "wrong" },
};`,
);

let processes = 0;

interface Measured {
  /** From the start of the process to its first request. */
  readonly seconds: number;
  /** Of processor time in it: on a machine that others use, too. */
  readonly cpuSeconds: number;
  readonly peakMB: number;
  /** Undefined where it was not let come to its end. */
  readonly peakAtEndMB: number | undefined;
}

/** Runs `rrr`, as far as its first request or to its end. */
async function measure(args: readonly string[], until: "request" | "end"): Promise<Measured> {
  const started = performance.now();
  // What a process that was killed had sent must not count for the next.
  const key = `key-${++processes}`;
  const env = { ...process.env, OPENAI_API_KEY: key };
  const child = spawn(process.execPath, [bin, ...args], { cwd, env, stdio: ["ignore", "ignore", "inherit"] });
  const ended = once(child, "close");
  const asked = new Promise<Omit<Measured, "peakAtEndMB">>((resolve) => {
    onRequest = (asks) => {
      if (asks !== `Bearer ${key}`) return;
      onRequest = () => {};
      const seconds = (performance.now() - started) / 1000;
      resolve({ seconds, cpuSeconds: cpuOf(child), peakMB: peakOf(child) });
    };
  });
  const first = await Promise.race([asked, ended.then(() => undefined)]);
  if (first === undefined) throw new Error(`rrr ${args.join(" ")} ended before it asked for anything`);
  if (until === "request") {
    child.kill("SIGKILL");
    await ended;
    return { ...first, peakAtEndMB: undefined };
  }
  let peakAtEndMB = first.peakMB;
  while (child.exitCode === null) {
    peakAtEndMB = Math.max(peakAtEndMB, peakOf(child));
    await Promise.race([ended, after(20)]);
  }
  if (child.exitCode !== 0) throw new Error(`rrr ${args.join(" ")} ended with ${child.exitCode}`);
  return { ...first, peakAtEndMB };
}

/** The most memory that a process has had; 0 once it is gone. */
function peakOf({ pid }: ChildProcess): number {
  try {
    const [, kB] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return Number(kB ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/** Seconds of processor time that a process has had. */
function cpuOf({ pid }: ChildProcess): number {
  const [utime, stime] = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ").slice(11) ?? [];
  // Linux counts in hundredths, wherever it runs.
  return (Number(utime) + Number(stime)) / 100;
}

function begin(out: string): Promise<Measured> {
  const model = ["--model", "openai:sums", "--base-url", baseUrl, "--no-cache", "--isolate", "none"];
  const size = ["--limit", String(problems + LEFT), ...(values.controls ? [] : ["--no-controls"])];
  return measure(["eval", "./sums.mjs", ...model, ...size, "--quiet", "--out", out], "request");
}

try {
  for (const out of ["empty", "full"]) await begin(out);
  const empty = await measure(["resume", "empty", "--quiet"], "request");
  const settings = { problems, left: LEFT, controls: values.controls };
  const writing = await writeResults(join(cwd, "full"), join(cwd, "sums.mjs"), settings);
  const bytes = statSync(join(cwd, "full/run.db")).size;
  const full = await measure(["resume", "full", "--quiet"], "end");
  const overMB = Math.max(full.peakMB, full.peakAtEndMB ?? 0) - empty.peakMB;
  const figures = {
    problems,
    controls: values.controls,
    writing,
    runMB: bytes / 2 ** 20,
    empty,
    full,
    overMB,
  };
  console.log(JSON.stringify(figures, rounded, values.json ? undefined : 2));
  if (full.seconds > MOST_SECONDS || overMB > MOST_MB || writing.growthMB > MOST_GROWTH_MB)
    process.exitCode = 1;
} finally {
  server.close();
  rmSync(cwd, { recursive: true, force: true });
}

function rounded(_: string, value: unknown): unknown {
  return typeof value === "number" ? Math.round(value * 100) / 100 : value;
}

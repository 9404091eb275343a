/**
 * `pnpm bench:verdicts [--seconds 5] [--json]`: how many verdicts a second `rrr serve countdown` gives over HTTP, in batches
 * of 64 and one by one, with the verifier in the server's process and in one of its own.
 *
 * The server is the built command, in a process of its own; this one asks. The processor time of the server and its
 * children is read from /proc, so that a busy machine counts little: what a core would give is verdicts by that time. Where
 * there is no /proc, only the clock is told.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { seconds: { type: "string", default: "5" }, json: { type: "boolean", default: false } },
});
const seconds = Number(values.seconds);
if (!(seconds > 0)) throw new Error(`--seconds must be a number above 0, got ${values.seconds}`);

const BATCH = 64;
/** Requests under way at once. */
const IN_FLIGHT = 4;
const WARM_UP_MS = 5_000;
/** Of the clock that /proc counts in; the same on every Linux of today. */
const TICKS_PER_SECOND = 100;
const bin = fileURLToPath(new URL("../packages/cli/bin/rrr.js", import.meta.url));

const entries = Array.from({ length: BATCH }, (_, i) => ({
  item: { numbers: [25, 7, 8, (i % 50) + 1], target: 24 },
  completion: `25 + 7 is 32, and minus 8 it is 24; number ${i} stays out. <answer>25 + 7 - 8 + ${i % 50}</answer>`,
}));

interface Measured {
  readonly verifier: "in the server" | "process";
  readonly batch: number;
  readonly verdicts: number;
  readonly wallSeconds: number;
  /** Undefined where there is no /proc. */
  readonly serverCpuSeconds: number | undefined;
}

async function startServer(
  isolate: string,
): Promise<{ readonly url: string; readonly server: ChildProcess }> {
  const server = spawn(process.execPath, [bin, "serve", "countdown", "--port", "0", "--isolate", isolate], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  for await (const chunk of server.stderr as AsyncIterable<Buffer>) {
    said += chunk;
    const [, url] = /at (http:[^,]+),/.exec(said) ?? [];
    if (url !== undefined) return { url, server };
  }
  throw new Error(`the server ended: ${said}`);
}

async function measure(
  url: string,
  pid: number,
  verifier: Measured["verifier"],
  batch: number,
): Promise<Measured> {
  const agent = new Agent({ keepAlive: true, maxSockets: IN_FLIGHT });
  const path = batch === 1 ? "/v1/verify" : "/v1/verify/batch";
  const body = JSON.stringify(batch === 1 ? entries[0] : { requests: entries });
  const expected = batch === 1 ? '"reward":' : `"verdicts":[`;
  const until = async (end: number): Promise<number> => {
    let asked = 0;
    while (performance.now() < end) {
      const answer = await post(`${url}${path}`, body, agent);
      const count = answer.split('"reward":').length - 1;
      if (!answer.includes(expected) || count !== batch)
        throw new Error(`no ${batch} rewards: ${answer.slice(0, 200)}`);
      asked++;
    }
    return asked;
  };
  // Until the code is compiled.
  await until(performance.now() + WARM_UP_MS);
  const [cpu, wall] = [cpuSeconds(pid), performance.now()];
  const asked = await Promise.all(Array.from({ length: IN_FLIGHT }, () => until(wall + seconds * 1_000)));
  const wallSeconds = (performance.now() - wall) / 1_000;
  const spent = cpuSeconds(pid);
  agent.destroy();
  const verdicts = batch * asked.reduce((sum, each) => sum + each, 0);
  const serverCpuSeconds = cpu === undefined || spent === undefined ? undefined : spent - cpu;
  return { verifier, batch, verdicts, wallSeconds, serverCpuSeconds };
}

function post(url: string, body: string, agent: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
    const asked = request(url, { method: "POST", agent, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part) => {
        text += part;
      });
      response.on("end", () => resolve(text)).on("error", reject);
    });
    asked.on("error", reject).end(body);
  });
}

/** Of a process and its children. */
function cpuSeconds(pid: number): number | undefined {
  try {
    const ticks = (of: string): readonly string[] =>
      readFileSync(`/proc/${of}/stat`, "utf8")
        .replace(/^.*\) /, "")
        .split(" ");
    const own = (of: string): number => Number(ticks(of)[11]) + Number(ticks(of)[12]);
    const children = readdirSync("/proc").filter((each) => /^\d+$/.test(each) && isChild(each));
    function isChild(each: string): boolean {
      try {
        return Number(ticks(each)[1]) === pid;
      } catch {
        return false;
      }
    }
    return [String(pid), ...children].reduce((sum, each) => sum + own(each), 0) / TICKS_PER_SECOND;
  } catch {
    return undefined;
  }
}

const results: Measured[] = [];
for (const [isolate, verifier] of [
  ["none", "in the server"],
  ["process", "process"],
] as const) {
  const { url, server } = await startServer(isolate);
  try {
    for (const batch of [BATCH, 1]) {
      results.push(await measure(url, server.pid as number, verifier, batch));
    }
  } finally {
    server.kill("SIGINT");
  }
}

if (values.json) console.log(JSON.stringify(results));
else {
  console.log("verifier       batch  verdicts/s by the clock  verdicts/s of the server's processor time");
  for (const { verifier, batch, verdicts, wallSeconds, serverCpuSeconds } of results) {
    const rate = (time: number | undefined): string =>
      time === undefined ? "–" : (verdicts / time).toFixed(0);
    console.log(
      `${verifier.padEnd(13)}${String(batch).padStart(7)}${rate(wallSeconds).padStart(25)}${rate(serverCpuSeconds).padStart(43)}`,
    );
  }
}
const [batched] = results;
const time = batched?.serverCpuSeconds ?? batched?.wallSeconds ?? Number.POSITIVE_INFINITY;
process.exit((batched?.verdicts ?? 0) / time >= 5_000 ? 0 : 1);

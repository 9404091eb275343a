/**
 * `pnpm bench:isolation [--times <n>] [--json]`: what running verifiers elsewhere costs, and what it survives.
 *
 * Cost: batches of 256 Countdown verdicts, against the same in this thread, in turns; the least of many, so that a
 * busy machine counts little. All of it is built code, as it is published: run from source, by tsx, a verdict in this
 * thread takes more than twice as long, and isolation seems cheap. Campaign: each kind of trouble so many times, in the
 * middle of sound completions that must keep their verdicts. The limit's clock starts at the question; the host is up
 * by then.
 */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Task, Verdict } from "@rrr/core";
import type { IsolatedTask } from "@rrr/core/isolation";
import type { CountdownItem } from "@rrr/task-countdown";

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const { defineTask, verifyWithin }: typeof import("@rrr/core") = await import(
  at("../packages/core/dist/index.js")
);
const { isolate }: typeof import("@rrr/core/isolation") = await import(
  at("../packages/core/dist/isolation.js")
);
const { countdown }: typeof import("@rrr/task-countdown") = await import(
  at("../packages/task-countdown/dist/index.js")
);

const { values } = parseArgs({
  options: { times: { type: "string", default: "100" }, json: { type: "boolean", default: false } },
});
const times = Number(values.times);
if (!Number.isSafeInteger(times) || times < 1)
  throw new Error(`--times must be a whole number ≥ 1, got ${values.times}`);

const BATCH = 256;
const ROUNDS = 400;
const PLACES = ["worker", "process"] as const;

/** µs a verdict. */
async function measureCost(): Promise<Record<"here" | (typeof PLACES)[number], number>> {
  const task = countdown();
  const source = { module: at("../packages/task-countdown/dist/index.js") };
  const [worker, process] = await Promise.all(PLACES.map((each) => isolate(task, source, { isolate: each })));
  const tasks = {
    here: task,
    worker: worker as IsolatedTask<CountdownItem>,
    process: process as IsolatedTask<CountdownItem>,
  };
  const questions = Array.from({ length: BATCH }, (_, i) => ({
    item: { numbers: [25, 7, 8, (i % 50) + 1], target: 24 },
    completion: `25 + 7 is 32, and minus 8 it is 24; number ${i} stays out. <answer>25 + 7 - 8 + ${i % 50}</answer>`,
  }));
  const least = { here: Infinity, worker: Infinity, process: Infinity };
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of ["here", ...PLACES] as const) {
      const started = performance.now();
      await Promise.all(questions.map(({ item, completion }) => verifyWithin(tasks[name], item, completion)));
      least[name] = Math.min(least[name], ((performance.now() - started) * 1_000) / BATCH);
    }
  }
  await Promise.all([tasks.worker.close(), tasks.process.close()]);
  return least;
}

interface Trouble {
  readonly name: string;
  /** What the verifier of test/hostile-task.mjs does it at. */
  readonly completion: string;
  readonly limitMs: number;
  readonly code: string;
}

const TROUBLES: readonly Trouble[] = [
  { name: "endless loop", completion: "loop", limitMs: 500, code: "verifier-timeout" },
  // On a slow machine the time may be up before the memory is: either is right.
  { name: "2 GB of buffers", completion: "buffers", limitMs: 2_000, code: "verifier-" },
  { name: "process.exit", completion: "exit", limitMs: 5_000, code: "verifier-failed" },
  { name: "throwing getter", completion: "getter", limitMs: 5_000, code: "verifier-failed" },
  { name: "promise that never settles", completion: "never", limitMs: 500, code: "verifier-timeout" },
];

interface Outcome {
  readonly place: string;
  readonly name: string;
  /** Verdicts that are not what they should be, guilty or innocent. */
  readonly wrong: number;
  /** ms beyond the limit, sorted. */
  readonly beyond: readonly number[];
}

async function runCampaign(place: (typeof PLACES)[number], trouble: Trouble): Promise<Outcome> {
  const task = await openHostile(place);
  let wrong = 0;
  const beyond: number[] = [];
  for (let i = 0; i < times; i++) {
    // A host is up before the clock starts.
    await verifyWithin(task, {}, "pass");
    const started = performance.now();
    const ask = (completion: string): Promise<Verdict> =>
      verifyWithin(task, {}, completion, { timeoutMs: trouble.limitMs });
    const guilty = ask(trouble.completion).then((verdict) => {
      beyond.push(performance.now() - started - trouble.limitMs);
      return verdict.kind === "invalid" && verdict.error.code.startsWith(trouble.code);
    });
    const innocents = ["pass", "fail", "pass later", "pass"].map(
      async (completion) => (await ask(completion)).kind === (completion === "fail" ? "fail" : "pass"),
    );
    wrong += (await Promise.all([guilty, ...innocents])).filter((isRight) => !isRight).length;
  }
  await task.close();
  return { place, name: trouble.name, wrong, beyond: beyond.sort((a, b) => a - b) };
}

function openHostile(place: (typeof PLACES)[number]): Promise<IsolatedTask<object>> {
  const task: Task<object> = defineTask({
    name: "hostile",
    schema: {
      "~standard": { version: 1, vendor: "bench", validate: (value) => ({ value: value as object }) },
    },
    items: () => [],
    prompt: () => [],
    verify: () => ({ kind: "pass" }),
  });
  const module = at("../packages/core/test/hostile-task.mjs");
  return isolate(task, { module }, { isolate: place, memoryMb: 256 });
}

function showCost(cost: Awaited<ReturnType<typeof measureCost>>): void {
  const us = (value: number): string => `${value.toFixed(2)} µs`.padStart(10);
  console.log(`${`a verdict in this thread, in batches of ${BATCH}`.padEnd(50)}${us(cost.here)}`);
  for (const place of PLACES) {
    const more = us(cost[place] - cost.here).trim();
    console.log(`${`in a ${place}`.padEnd(50)}${us(cost[place])}   ${more} more; wanted: 2 µs`);
  }
}

function showOutcome({ place, name, wrong, beyond }: Outcome): void {
  const late = beyond.filter((ms) => ms > 200).length;
  const worst = Math.max(0, ...beyond).toFixed(0);
  const text = `${wrong} wrong verdicts, ${late} of ${beyond.length} later than 200 ms, worst ${worst} ms`;
  console.log(`${`${place}: ${name}`.padEnd(50)}${text}`);
}

const cost = await measureCost();
if (!values.json) showCost(cost);
const outcomes: Outcome[] = [];
for (const place of PLACES) {
  for (const trouble of TROUBLES) {
    const outcome = await runCampaign(place, trouble);
    outcomes.push(outcome);
    if (!values.json) showOutcome(outcome);
  }
}
if (values.json) console.log(JSON.stringify({ cost, outcomes }));
if (outcomes.some(({ wrong }) => wrong > 0)) process.exitCode = 1;

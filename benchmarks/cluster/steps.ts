import { createRandom } from "@rrr/core";
import type { Engine } from "@rrr/trainer";
import type { Fault, ProxiedRequest } from "../../packages/engine-tinker/test/fault-proxy.ts";
import { POLICY, sampledData } from "../../packages/engine-tinker/test/steps.ts";

/** What steps reported, and where they led. */
export async function stepsOf(engine: Engine, steps: number): Promise<unknown> {
  const reports: object[] = [];
  for (let step = 0; step < steps; step++) {
    const data = await sampledData(engine, step);
    const report = await engine.forwardBackward(data, POLICY);
    reports.push({ ...report, ...(await engine.optimStep({ learningRate: 1e-3 })) });
  }
  const logprobs = await engine.forward(await sampledData(engine, 100));
  return { reports, logprobs: logprobs.map((row) => [...row]) };
}

/** Connections that break before the server hears, after it has done the work, or in the middle of its answer. */
export function dropping(drops: number): (request: ProxiedRequest) => Fault | undefined {
  const random = createRandom(5);
  let left = drops;
  return ({ path }) => {
    // Submissions are few beside polls: none is spared, every tenth poll is.
    const isPoll = path === "retrieve_future";
    if (left === 0 || path === "session_heartbeat" || random.next() < (isPoll ? 0.95 : 0.6)) return undefined;
    left--;
    return random.pick(["lost-request", "lost-answer", "cut-answer"]);
  };
}

/**
 * The largest difference between log-probabilities after a step, in nats, and after the same step from the state before it,
 * which was saved and is loaded again.
 */
export async function resumedApart(engine: Engine): Promise<number> {
  const data = await sampledData(engine, 1);
  const step = async (): Promise<readonly Float32Array[]> => {
    await engine.forwardBackward(data, POLICY);
    await engine.optimStep({ learningRate: 1e-3 });
    return engine.forward(data);
  };
  await step();
  const state = await engine.saveState("");
  const before = await step();
  await engine.loadState(state);
  const after = await step();
  return Math.max(
    ...before.flatMap((row, d) => [...row].map((value, t) => Math.abs(value - (after[d]?.[t] ?? 0)))),
  );
}

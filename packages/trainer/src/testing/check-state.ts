import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { readModelDir } from "../model-files/model-dir.ts";
import { expectError } from "./expect-error.ts";
import { dataFor, sampleData } from "./sample-data.ts";
import type { Report, Subject } from "./test-engine.ts";

/** Weights and optimiser come back bit for bit: training goes on as if nothing had happened. */
export async function checkState({ engine, prompts, dir }: Subject, report: Report): Promise<void> {
  const loss = { kind: "cross-entropy" } as const;
  const data = dataFor(loss, await sampleData(engine, prompts));
  const step = async (): Promise<string> => {
    await engine.forwardBackward(data, loss);
    await engine.optimStep({ learningRate: 1e-2, weightDecay: 0.1, maxGradNorm: 0.5 });
    return engine.weightsHash();
  };
  const first = await step();
  await engine.saveState(join(dir, "state"));
  const second = await step();
  if (first === second) report("state-lost", "a step left the weights' hash as it was");
  await engine.loadState(join(dir, "state"));
  const restored = await engine.weightsHash();
  if (restored !== first) report("state-lost", `loadState: the weights' hash is ${restored}, was ${first}`);
  if ((await step()) !== second) report("state-lost", "the same step after loadState gives other weights");

  await expectError(
    () => engine.loadState(join(dir, "nowhere")),
    "bad-checkpoint",
    "loading what is not there",
    report,
  );
  if ((await engine.weightsHash()) !== second) report("state-lost", "a failed loadState changed the weights");

  await engine.exportModel(join(dir, "model"));
  const { weights } = await readModelDir(join(dir, "model"));
  if (weights.size === 0) report("state-lost", "the exported model has no weights");
  const left = (await readdir(dir)).filter((name) => name !== "state" && name !== "model");
  if (left.length > 0) report("state-lost", `saving left ${left} behind`);
}

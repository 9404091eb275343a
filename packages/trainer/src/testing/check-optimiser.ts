import type { AdamSettings, Datum, Stored } from "../engine.ts";
import { freeSettings, plainStep } from "./free-settings.ts";
import { dataFor, sampleData } from "./sample-data.ts";
import type { Report, Subject } from "./test-engine.ts";

const loss = { kind: "cross-entropy" } as const;

/** Clipping and weight decay do what they say, unless they are fixed. */
export async function checkOptimiser(subject: Subject, report: Report): Promise<void> {
  const { engine, prompts, dir } = subject;
  const data = dataFor(loss, await sampleData(engine, prompts));
  const start = await engine.saveState(`${dir}/start`);
  await checkDecay(subject, data, report);
  await engine.loadState(start);
  await checkClipping(subject, data, start, report);
}

/** Without a gradient, decay alone moves the weights. */
async function checkDecay(
  { engine, learningRate, skip }: Subject,
  data: readonly Datum[],
  report: Report,
): Promise<void> {
  if (engine.capabilities.fixed.weightDecay !== undefined) {
    skip("weight decay", `capabilities.fixed.weightDecay is ${engine.capabilities.fixed.weightDecay}`);
    return;
  }
  const without = data.map((datum) => ({ ...datum, weights: new Float32Array(datum.targets.length) }));
  const score = async (): Promise<string> => (await engine.forward(data)).join();
  const scoreAfter = async (weightDecay: number): Promise<string> => {
    await engine.forwardBackward(without, loss);
    await engine.optimStep({ learningRate, weightDecay });
    return score();
  };
  const before = await score();
  if ((await scoreAfter(0)) !== before) {
    report("setting-ignored", "a step without a gradient and with weightDecay 0 changed the weights");
  }
  if ((await scoreAfter(0.1)) === before) {
    report("setting-ignored", "weightDecay 0.1 left the weights as they were");
  }
}

/** A gradient that is clipped to half its norm makes half the step. */
async function checkClipping(
  { engine, skip }: Subject,
  data: readonly Datum[],
  start: Stored,
  report: Report,
): Promise<void> {
  const { maxGradNorm } = engine.capabilities.fixed;
  const plain = plainStep(engine);
  if (maxGradNorm !== undefined || plain === undefined) {
    skip("clipping", `capabilities.fixed is ${JSON.stringify(engine.capabilities.fixed)}`);
    return;
  }
  const before = (await engine.forward(data)).flatMap((row) => [...row]);
  const changes = async (settings: AdamSettings): Promise<{ norm: number; moved: number[] }> => {
    await engine.loadState(start);
    await engine.forwardBackward(data, loss);
    const { gradNorm } = await engine.optimStep(settings);
    const after = (await engine.forward(data)).flatMap((row) => [...row]);
    return { norm: gradNorm, moved: after.map((value, i) => value - (before[i] as number)) };
  };
  const { norm } = await changes(plain(0));
  const size = 0.02 / norm ** 2;
  const half = await changes(plain(size / 2));
  const clipped = await changes({ ...plain(size), ...freeSettings(engine, { maxGradNorm: norm / 2 }) });
  const difference = Math.hypot(...clipped.moved.map((value, i) => value - (half.moved[i] as number)));
  if (!(difference < 0.05 * Math.hypot(...half.moved))) {
    report("setting-ignored", "a gradient clipped to half its norm did not make half the step");
  }
  if (!(Math.abs(clipped.norm / norm - 1) < 1e-3)) {
    report("setting-ignored", `the reported norm is ${clipped.norm}; before clipping it is ${norm}`);
  }
}

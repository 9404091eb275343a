import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Stored, StoredModel } from "../engine.ts";
import { readModelDir } from "../model-files/model-dir.ts";
import { expectError } from "./expect-error.ts";
import { freeSettings } from "./free-settings.ts";
import { dataFor, sampleData } from "./sample-data.ts";
import type { Report, Subject } from "./test-engine.ts";

/** Weights and optimiser come back, bit for bit or within what is allowed: training goes on as if nothing had happened. */
export async function checkState(subject: Subject, report: Report): Promise<void> {
  const { engine, prompts, dir, learningRate, stateWithin } = subject;
  const loss = { kind: "cross-entropy" } as const;
  const data = dataFor(loss, await sampleData(engine, prompts));
  const settings = { learningRate, ...freeSettings(engine, { weightDecay: 0.1, maxGradNorm: 0.5 }) };
  const step = async (): Promise<string> => {
    await engine.forwardBackward(data, loss);
    await engine.optimStep(settings);
    return engine.weightsVersion();
  };
  const score = async (): Promise<readonly number[]> =>
    (await engine.forward(data)).flatMap((row) => [...row]);
  const opened = await score();
  const first = await step();
  const state = await engine.saveState(join(dir, "state"));
  const second = await step();
  const scored = await score();
  if (first === second) report("state-lost", "a step left the weights' version as it was");
  await engine.loadState(state);
  const restored = await engine.weightsVersion();
  if (restored !== first)
    report("state-lost", `loadState: the weights' version is ${restored}, was ${first}`);
  const { state: claimed } = engine.capabilities;
  const again = await step();
  // A version that counts may tell two equal steps apart.
  const apart = farthest(await score(), scored);
  if (!(apart <= stateWithin) || (claimed === "folder" && again !== second))
    report("state-lost", `the same step after loadState gives other weights: ${apart} nats apart`);
  if (state.kind !== claimed)
    report("wrong-reference", `saveState gives a ${state.kind}, capabilities.state is "${claimed}"`);
  await checkFolder("saveState", state, join(dir, "state"), report);

  await expectError(
    () => engine.loadState(elsewhere(state, dir)),
    "bad-checkpoint",
    "loading what is not there",
    report,
  );
  if ((await engine.weightsVersion()) !== again)
    report("state-lost", "a failed loadState changed the weights");

  await checkExport(subject, await engine.exportModel(join(dir, "model")), report);
  const adapter = await engine.exportAdapter?.(join(dir, "adapter"));
  if (adapter !== undefined) await checkFolder("exportAdapter", adapter, join(dir, "adapter"), report);
  const initial = await engine.initial?.forward(data);
  if (
    initial !== undefined &&
    farthest(
      initial.flatMap((row) => [...row]),
      opened,
    ) !== 0
  )
    report("state-lost", "initial.forward is not what forward was when the engine was opened");
  const left = (await readdir(dir)).filter((name) => !["state", "model", "adapter"].includes(name));
  if (left.length > 0) report("state-lost", `saving left ${left} behind`);
}

/** The largest difference. NaN where something is no number, or one has more. */
function farthest(some: readonly number[], others: readonly number[]): number {
  if (some.length !== others.length) return Number.NaN;
  return some.reduce((most, value, i) => Math.max(most, Math.abs(value - (others[i] as number))), 0);
}

async function checkExport({ dir, skip }: Subject, model: StoredModel, report: Report): Promise<void> {
  await checkFolder("exportModel", model, join(dir, "model"), report);
  if (model.kind === "folder" && model.layout === "hugging-face") {
    const { weights } = await readModelDir(model.path);
    if (weights.size === 0) report("state-lost", "the exported model has no weights");
  } else {
    const where = model.kind === "folder" ? `its layout is "${model.layout}"` : `it is at ${model.address}`;
    skip("the exported model can be read", where);
  }
}

/** What is in a folder is in the one that was given, so that a checkpoint can keep and hash it. */
async function checkFolder(verb: string, stored: Stored, given: string, report: Report): Promise<void> {
  if (stored.kind !== "folder") return;
  if (stored.path !== given) report("wrong-reference", `${verb} was given ${given} and says ${stored.path}`);
  const files = await readdir(stored.path).catch(() => []);
  if (files.length === 0) report("wrong-reference", `${verb} left nothing in ${stored.path}`);
}

function elsewhere(state: Stored, dir: string): Stored {
  if (state.kind === "folder") return { kind: "folder", path: join(dir, "nowhere") };
  return { kind: "address", address: `${state.address}-nowhere` };
}

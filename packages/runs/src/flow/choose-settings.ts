import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { RrrError, type Task } from "@rrr/core";
import { type Engine, modelDirFiles } from "@rrr/trainer";
import { isBuiltin } from "../model/is-builtin.ts";
import type { RunSpec, TrainingPlan } from "../spec/run-spec.ts";
import { type TrainingRequest, toTrainingPlan } from "../spec/to-run-spec.ts";
import type { HeldOut } from "./held-out.ts";
import { LEAST_PROBLEMS, probeItems } from "./probe.ts";

/** Weights of more bytes than this are no toy: 16 million of 4 bytes each. */
const LARGE = 64 * 1024 * 1024;
/** Of settings that are for an adapter, where all weights are trained: the adapter's rate ruins them. Ours, not measured. */
const FULL_LEARNING_RATE = 1e-5;

/** What is known of a run that trains once its engine is open. */
interface Opened {
  readonly engine: Pick<Engine, "capabilities">;
  readonly task: Task;
  readonly heldOut: Pick<HeldOut, "items">;
}

/**
 * The spec of a new run with the settings that suit model and engine, where nobody named any, and with no more problems to
 * choose a checkpoint by than there are.
 * @param warn is told what is worth knowing of the choice
 * @throws RrrError `bad-argument` where problems are asked for that the task does not have
 */
export async function withSettings(
  spec: RunSpec,
  request: TrainingRequest,
  { engine, task, heldOut }: Opened,
  warn: (text: string) => void,
): Promise<RunSpec & { readonly plan: TrainingPlan }> {
  const chosen = request.settings === undefined ? await suitedTo(spec, engine) : undefined;
  const plan = withFullRate(toTrainingPlan(request, chosen), request, engine, warn);
  const { rails } = plan;
  if (rails === undefined || rails.probe === 0) return { ...spec, plan };
  const { length } = await probeItems(task, plan, heldOut, rails.probe);
  if (length === rails.probe) return { ...spec, plan };
  const lack = `the task has ${length} more held-out problems than the ${heldOut.items.length} that are measured`;
  if (request.keepBest !== undefined && length < LEAST_PROBLEMS) {
    throw new RrrError("bad-argument", `keepBest is ${request.keepBest}, and ${lack}`, {
      hint: `Measure fewer (--limit): at least ${LEAST_PROBLEMS} have to be left to choose a checkpoint by.`,
    });
  }
  const probe = length < LEAST_PROBLEMS ? 0 : length;
  warn(
    probe === 0
      ? `${lack}: none choose the best checkpoint, and the last one counts; a lower --limit leaves some`
      : `${lack}: ${probe} choose the best checkpoint`,
  );
  return { ...spec, plan: { ...plan, rails: { ...rails, probe } } };
}

async function suitedTo(
  { model }: Pick<RunSpec, "model">,
  { capabilities }: Opened["engine"],
): Promise<NonNullable<TrainingPlan["settings"]>> {
  if (await isBuiltin(model)) return { name: "builtin", from: "builtin" };
  if (capabilities.trains === "lora") return { name: "lora-small", from: "lora" };
  return (await weightBytes(model.folder)) > LARGE
    ? { name: "lora-small", from: "size" }
    : { name: "builtin", from: "other" };
}

/** What is for an adapter is far too fast for all weights. */
function withFullRate(
  plan: TrainingPlan,
  { train }: TrainingRequest,
  { capabilities }: Opened["engine"],
  warn: (text: string) => void,
): TrainingPlan {
  const isAsked = train?.schedule?.learningRate !== undefined;
  if (plan.settings?.name !== "lora-small" || capabilities.trains === "lora" || isAsked) return plan;
  const { schedule } = plan.train;
  warn(
    `all weights are trained: learning rate ${FULL_LEARNING_RATE} in place of ${schedule.learningRate}, which is for an adapter; it is a guess`,
  );
  return { ...plan, train: { ...plan.train, schedule: { ...schedule, learningRate: FULL_LEARNING_RATE } } };
}

/** Of the files of a folder's weights; 0 where there are none that this process can see. */
async function weightBytes(folder: string | undefined): Promise<number> {
  if (folder === undefined) return 0;
  const files = await modelDirFiles(folder).catch(() => []);
  const sizes = await Promise.all(
    files
      .filter((name) => name.endsWith(".safetensors"))
      .map(async (name) => (await lstat(join(folder, name))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

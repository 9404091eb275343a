import type { RunSpec, SettingsFrom } from "@rrr/runs";

const FROM: Readonly<Record<SettingsFrom, string>> = {
  option: "as asked for",
  builtin: "for a built-in model",
  lora: "the engine trains an adapter",
  size: "for a large model",
  other: "for a small model",
};

/** What a run that trains is going to do, for its header; an evaluation says what it is in its table. */
export function settingsText({ plan, engine, retry }: RunSpec): readonly string[] {
  if (plan.kind === "evaluate") return [];
  const { train, mining, stepsPerCheckpoint, settings, rails } = plan;
  const { learningRate, warmup, decay } = train.schedule;
  const clip = train.clipLow === train.clipHigh ? [train.clipLow] : [train.clipLow, train.clipHigh];
  const options = Object.entries(engine.options).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  return [
    ...(settings === undefined ? [] : [list("settings", settings.name, FROM[settings.from])]),
    list("failures", `at most ${mining.limit}`, `${mining.attempts} attempts at each problem`),
    list(
      "each step",
      `${train.failuresPerStep} failures × ${train.groupSize} reflections`,
      `reward ${train.reward}`,
      `advantages by ${train.advantageScale}`,
      ...(train.advantageBaseline === "leave-one-out" ? ["leave-one-out"] : []),
      ...(train.refills ? [`${train.refills} ${train.refills === 1 ? "refill" : "refills"} at most`] : []),
    ),
    ...retryLine(retry),
    list(
      "loss",
      train.normalization,
      ...(train.surrogate === undefined || train.surrogate === "ppo" ? [] : [train.surrogate]),
      `clip ${clip.join(", ")}`,
      train.klCoefficient === 0 ? "no KL penalty" : `KL ${train.klCoefficient}`,
      ...(train.klPenalty === "k1-reward" ? ["in the reward"] : []),
      ...(train.entropyCoefficient ? [`entropy bonus ${train.entropyCoefficient}`] : []),
      ...(train.importanceCap ? [`importance ≤ ${train.importanceCap}`] : []),
      `${train.updates} ${train.updates === 1 ? "update" : "updates"} a step`,
    ),
    list(
      "optimiser",
      `learning rate ${learningRate} ${decay} after ${Math.round(100 * warmup)} % warm-up`,
      `gradient norm ≤ ${train.maxGradNorm}`,
      `weight decay ${train.weightDecay}`,
    ),
    list("engine", engine.name, ...options, `a checkpoint every ${stepsPerCheckpoint} steps`),
    ...(rails === undefined || rails.probe === 0
      ? []
      : [
          list(
            "best",
            `chosen by ${rails.probe} more held-out problems at each checkpoint, which costs some time`,
          ),
        ]),
  ];
}

/** Where retries are asked for otherwise than attempts are. */
function retryLine({ layout, temperature }: Partial<NonNullable<RunSpec["retry"]>> = {}): readonly string[] {
  const facts = [
    ...(layout === "note" ? ["layout note, without the failed attempt"] : []),
    ...(temperature === undefined ? [] : [`temperature ${temperature}`]),
  ];
  return facts.length === 0 ? [] : [list("retries", ...facts)];
}

function list(title: string, ...facts: readonly string[]): string {
  return `  ${title.padEnd(10)} ${facts.join(", ")}`;
}

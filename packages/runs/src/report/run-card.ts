import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { databasePath } from "../store/database.ts";
import { measuredStep } from "../store/measured-step.ts";
import { readStoredRun } from "../store/stored-run.ts";
import { withoutPaths } from "./without-paths.ts";

/** What a run says of a model that it trained, for its card. */
export interface RunCard {
  /** Name of the model that the run began with. */
  readonly base: string;
  /** Its folder, where it has one. */
  readonly folder: string | undefined;
  readonly made: string;
  readonly parts: readonly (readonly [title: string, text: string])[];
}

const METHODS = {
  retry:
    "It was trained by Reflect, Retry, Reward: reflections that led to a right retry were made likelier.",
  random: "It is a control: it was trained on random rewards, which teach nothing.",
};

/** Runs, each begun with what the one before it trained, that are looked back at. */
const MOST_RUNS = 16;
const UNTRAINED = "These are the weights from before training.";

/**
 * What is known of a checkpoint by the run that it lies in: its base, its task, its settings and, for the step that
 * the run's figures are of, what it came to, as it printed it. Undefined for any other folder.
 * @param before runs that are looked back at, for the base of the first
 */
export function runCard(checkpoint: string, before: number = MOST_RUNS): RunCard | undefined {
  const folder = dirname(dirname(checkpoint));
  if (basename(dirname(checkpoint)) !== "checkpoints" || !existsSync(databasePath(folder))) {
    return undefined;
  }
  const run = readStoredRun(folder);
  const { spec } = run;
  if (spec?.plan.kind !== "train") return undefined;
  const { train, mining } = spec.plan;
  const step = Number(/\d+$/.exec(checkpoint)?.[0]);
  const { module, options } = spec.task;
  const settings = {
    ...train,
    failures: mining.limit,
    engine: { name: spec.engine.name, ...spec.engine.options },
  };
  const report = join(folder, "report.txt");
  const measured = existsSync(report) ? (measuredStep(run) ?? train.steps) : undefined;
  const told = (text: string): string => withoutPaths(text, [spec, run.plugin, run.folder]);
  const parts: RunCard["parts"] = [
    ["Task", told(`${run.task} (${module}), options ${JSON.stringify(options)}, seed ${run.seed}`)],
    [
      "Settings",
      told(`Step ${step} of ${train.steps}.\n\n\`\`\`json\n${JSON.stringify(settings, null, 2)}\n\`\`\``),
    ],
    [
      "Results",
      step === measured
        ? told(`As the run printed them.\n\n\`\`\`\n${readFileSync(report, "utf8").trimEnd()}\n\`\`\``)
        : `Not measured: ${measured === undefined ? "the run has not come to its figures" : `the run's figures are of step ${measured}`}.`,
    ],
  ];
  const made = step === 0 ? UNTRAINED : METHODS[train.reward];
  const { name, folder: from } = spec.model;
  // A run may have begun with what another run trained: the base is that one's.
  const earlier = from === undefined || before === 0 ? undefined : runCard(from, before - 1);
  if (earlier === undefined) return { base: basename(from ?? name), folder: from, made, parts };
  const { base, folder: first } = earlier;
  const began = `It began with ${basename(from ?? name)} of another run of rrr. ${earlier.made}`;
  return { base, folder: first, made: `${made}\n\n${began}`, parts };
}

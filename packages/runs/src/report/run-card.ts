import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { openRunReader } from "../read/run-reader.ts";
import { databasePath } from "../store/database.ts";
import { readStoredRun, type StoredRun } from "../store/stored-run.ts";

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

const UNTRAINED = "These are the weights from before training.";

/**
 * What is known of a checkpoint by the run that it lies in: its base, its task, its settings and, for the step that
 * the run's figures are of, what it came to, as it printed it. Undefined for any other folder.
 */
export function runCard(checkpoint: string): RunCard | undefined {
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
  const measured = existsSync(report) ? measuredStep(folder, train.steps) : undefined;
  const told = (text: string): string => withoutPaths(text, run);
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
  const base = basename(spec.model.folder ?? spec.model.name);
  return { base, folder: spec.model.folder, made: step === 0 ? UNTRAINED : METHODS[train.reward], parts };
}

/** The checkpoint that the run's figures are of: the one that was chosen, else the last. */
function measuredStep(folder: string, last: number): number {
  const reader = openRunReader(folder);
  try {
    return reader.training()?.measured?.step ?? last;
  } finally {
    reader.close();
  }
}

/** Folders of a machine are nobody's business: their last parts stand for them. */
function withoutPaths(text: string, { folder, spec, plugin }: StoredRun): string {
  const known = [spec?.model.folder, spec?.model.name, plugin, folder].filter((path) => path?.includes("/"));
  const short = known.reduce<string>(
    (all, path) => all.replaceAll(path as string, basename(path as string)),
    text,
  );
  // Any other path from the root, e.g. of an option.
  return short.replaceAll(/(?<![\w.:/])\/(?:[\w.@ -]+\/)+([\w.@-]+)/g, "$1");
}

import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { databasePath } from "../store/database.ts";
import { measuredStep } from "../store/measured-step.ts";
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

/**
 * What is known of a checkpoint by the run that it lies in: its base, its task, its settings and, of the one that the run's
 * figures are of, what it came to, as it printed it. Undefined for any other folder.
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
  const isMeasured = step === (measuredStep(run) ?? train.steps) && existsSync(report);
  const told = (text: string): string => withoutPaths(text, run);
  const parts: RunCard["parts"] = [
    ["Task", told(`${run.task} (${module}), options ${JSON.stringify(options)}, seed ${run.seed}`)],
    [
      "Settings",
      told(`Step ${step} of ${train.steps}.\n\n\`\`\`json\n${JSON.stringify(settings, null, 2)}\n\`\`\``),
    ],
    [
      "Results",
      isMeasured
        ? told(`As the run printed them.\n\n\`\`\`\n${readFileSync(report, "utf8").trimEnd()}\n\`\`\``)
        : "Not measured: the run's figures, where it has any, are of another step.",
    ],
  ];
  const base = basename(spec.model.folder ?? spec.model.name);
  return { base, folder: spec.model.folder, made: METHODS[train.reward], parts };
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

import type { Measured } from "@rrr/runs";
import { percent } from "@rrr/runs";
import { type EvaluationProgress, type EvaluationSettings, evaluateUnits, summarize } from "@rrr/trainer";
import type { Progress } from "../display/progress.ts";
import type { StageContext } from "./run-context.ts";
import { showStage } from "./show-stage.ts";

/** Names of the stages in the run store, and as people see them. */
const NAMES = { evaluate: "evaluate", before: "evaluate-before", after: "evaluate-after" } as const;

/** Reasons why episodes errored that are told at once; `rrr show --failed` has all. */
const SHOWN_REASONS = 3;

/** Evaluates the model as it is now on the held-out problems; what was finished before is not done again. */
export async function evaluateStage(
  context: StageContext,
  stage: keyof typeof NAMES,
  settings: EvaluationSettings,
): Promise<Measured> {
  const { task, meter, heldOut, store, display, emit } = context;
  context.enter(stage);
  const name = NAMES[stage];
  const { samples, rounds, concurrency } = settings;
  const record = store.stage(name, task);
  const counts = startCounts(store.outcomes(name, heldOut.length));
  await showStage(context, async (look) => {
    const show = (part: EvaluationProgress["stage"], done: number): void => {
      const total = heldOut.length * (part === "greedy" ? 1 : samples);
      // What is solved at once comes first: shares are shown when there is enough beside it.
      const isFair = counts.episodes >= Math.min(4 * concurrency, heldOut.length * samples);
      const facts = isFair ? factsOf(counts) : [];
      look({ stage: `${stage}: ${part}`, done, total, unit: samples === 1 ? "problems" : "samples", facts });
    };
    show("episodes", counts.episodes);
    for await (const result of evaluateUnits(task, meter.model, heldOut, settings, record)) {
      record.add(result);
      counts[result.stage]++;
      if (result.stage === "episodes") {
        counts.first += Number(result.outcomes.first ?? 0);
        counts.after += Number(result.outcomes.after ?? 0);
        counts.errored += Number(result.episode.kind === "errored");
      }
      show(result.stage, counts[result.stage]);
    }
    record.flush();
  });
  const table = store.outcomes(name, heldOut.length);
  const summary = summarize(table, rounds);
  store.setRates(name, summary.rates);
  const { rates, errored } = summary;
  emit({ kind: "evaluation", stage, rates, errored });
  for (const { code, message, count } of store.errors(name).slice(0, SHOWN_REASONS)) {
    display.note(`${count} errored: ${message} [${code}]`);
  }
  const tokens = store.meanTokens(name);
  return { ...summary, tokens, problems: heldOut.length, samples, rounds, table };
}

type Counts = Record<EvaluationProgress["stage"] | "first" | "after" | "errored", number>;

/** What an interrupted evaluation has left. */
function startCounts(table: Measured["table"]): Counts {
  const known = table.flat();
  const count = (holds: (outcomes: (typeof known)[number]) => boolean): number => known.filter(holds).length;
  return {
    episodes: known.length,
    controls: count(({ first, blind, passAt2 }) => first !== undefined && (blind ?? passAt2) !== undefined),
    greedy: count(({ greedyFirst }) => greedyFirst !== undefined),
    first: count(({ first }) => first === true),
    after: count(({ after }) => after === true),
    errored: count(({ first }) => first === undefined),
  };
}

function factsOf({ episodes, first, after, errored }: Counts): Progress["facts"] {
  const valid = episodes - errored;
  const shares: Progress["facts"] =
    valid === 0
      ? []
      : [
          ["first try", percent(first / valid)],
          ["after reflection", percent(after / valid)],
        ];
  return errored > 0 ? [...shares, ["errored", String(errored)]] : shares;
}

import type { Episode } from "@rrr/core";
import type { Engine } from "../engine.ts";
import { oldLogprobs } from "./importance.ts";
import { isHidden } from "./reward.ts";
import type { TrainSettings } from "./train-settings.ts";
import { toDatum } from "./update.ts";

/**
 * β·Σ(log π_old − log π_ref) over the tokens of each reflection: what `klPenalty: "k1-reward"` subtracts from its
 * reward. Undefined where the penalty is elsewhere, or there is none.
 */
export async function klPenalties<Item>(
  engine: Engine,
  episodes_PG: readonly (readonly Episode<Item>[])[],
  settings: Pick<TrainSettings<Item>, "klPenalty" | "klCoefficient" | "importanceCap" | "reference">,
): Promise<ReadonlyMap<Episode<Item>, number> | undefined> {
  const { klPenalty, klCoefficient, reference } = settings;
  if (klPenalty !== "k1-reward" || reference === undefined) return undefined;
  const scored = episodes_PG
    .flat()
    .flatMap((episode) =>
      episode.kind !== "reflected" || isHidden(episode.reflection)
        ? []
        : [{ episode, datum: toDatum({ reflection: episode.reflection, advantage: 0 }) }],
    );
  const data = scored.map(({ datum }) => datum);
  const old = await oldLogprobs(engine, data, settings);
  const anchored = await reference.forward(data);
  return new Map(
    scored.map(({ episode }, i) => {
      const own = old[i] as Float32Array;
      const kl = own.reduce((sum, logprob, t) => sum + logprob - (anchored[i]?.[t] as number), 0);
      return [episode, klCoefficient * kl];
    }),
  );
}

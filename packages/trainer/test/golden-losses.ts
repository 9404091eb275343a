import { readFileSync } from "node:fs";
import type { Datum, PolicyGradientLoss } from "../src/engine.ts";
import { weighted } from "../src/train/importance.ts";

/** What golden/losses.py wrote; how is said there. */
interface Golden {
  readonly maxTokens: number;
  /** Names of the weights, in the order of `gradients`. */
  readonly weights: readonly string[];
  readonly batches: readonly (readonly Row[])[];
  readonly cases: readonly (Omit<PolicyGradientLoss, "kind" | "normalization"> & {
    readonly name: string;
    /** `TRL` and its version, or `pytorch`. */
    readonly by: string;
    readonly normalization: PolicyGradientLoss["normalization"]["kind"];
    readonly importanceCap?: number;
    readonly results: readonly GoldenResult[];
  })[];
}

interface Row {
  readonly prompt: readonly number[];
  readonly targets: readonly number[];
  readonly advantage: number;
  readonly drift: readonly number[];
  readonly anchor: readonly number[];
  readonly mismatch: readonly number[];
  readonly logprobs: readonly number[];
}

export interface GoldenResult {
  readonly loss: number;
  /** ∂loss/∂log π of each target. */
  readonly slopes: readonly (readonly number[])[];
  /** Of the gradient by each weight: its length, and its component along `rule(index + 1, …)`. */
  readonly gradients: readonly (readonly [norm: number, along: number])[];
  readonly entropy?: number;
}

/** One loss on one batch, with what comes of it. */
export interface GoldenCase {
  readonly name: string;
  readonly loss: PolicyGradientLoss;
  readonly data: readonly Datum[];
  /** Of the data's targets under the weights that the rule gives. */
  readonly logprobs: readonly Float64Array[];
  readonly expected: GoldenResult;
}

const golden = JSON.parse(readFileSync(new URL("golden/losses.json", import.meta.url), "utf8")) as Golden;

export const goldenWeights: readonly string[] = golden.weights;

/** Numbers between −1 and 1, the same in any language. */
export function rule(index: number, size: number): Float64Array {
  return Float64Array.from({ length: size }, (_, i) => Math.sin(1.3 * i + 0.7 * index * index + 0.1));
}

export const goldenCases: readonly GoldenCase[] = golden.cases.flatMap(
  ({ name, by, normalization, importanceCap, results, ...loss }) =>
    results.map((expected, i) => ({
      name: `${name} (${by}), batch ${i + 1}`,
      loss: { kind: "policy-gradient", ...loss, normalization: named(normalization) },
      ...dataOf(golden.batches[i] ?? [], importanceCap),
      expected,
    })),
);

function named(kind: PolicyGradientLoss["normalization"]["kind"]): PolicyGradientLoss["normalization"] {
  const sequences = golden.batches[0]?.length ?? 0;
  return kind === "dr_grpo" ? { kind, sequences, maxTokens: golden.maxTokens } : { kind };
}

function dataOf(rows: readonly Row[], cap: number | undefined): Pick<GoldenCase, "data" | "logprobs"> {
  const logprobs = rows.map((row) => Float64Array.from(row.logprobs));
  const old = rows.map(({ drift }, i) =>
    Float32Array.from(drift, (by, t) => (logprobs[i]?.[t] as number) - by),
  );
  const data = rows.map(
    (row, i): Datum => ({
      prompt: Int32Array.from(row.prompt),
      targets: Int32Array.from(row.targets),
      weights: new Float32Array(row.targets.length).fill(row.advantage),
      logprobs: old[i] as Float32Array,
      reference: Float32Array.from(row.anchor, (by, t) => (logprobs[i]?.[t] as number) + by),
    }),
  );
  if (cap === undefined) return { data, logprobs };
  const sampled = data.map((datum, i) => ({
    ...datum,
    logprobs: (old[i] as Float32Array).map((logprob, t) => logprob - (rows[i]?.mismatch[t] as number)),
  }));
  return { data: weighted(sampled, old, cap).data, logprobs };
}

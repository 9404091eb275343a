import type { CurveName } from "@rrr/runs";

interface CurveText {
  /** With the unit. */
  readonly title: string;
  readonly isShare: boolean;
}

/** What each curve is called. */
export const CURVE_TEXTS: Readonly<Record<CurveName, CurveText>> = {
  "first-try": { title: "first try passes (% of problems)", isShare: true },
  "after-reflection": { title: "passes after reflection (% of problems)", isShare: true },
  retries: { title: "training retries that pass (%)", isShare: true },
  kl: { title: "KL from the start (nats/token)", isShare: false },
  entropy: { title: "entropy of reflections (nats/token)", isShare: false },
  "reflection-tokens": { title: "length of a reflection (tokens)", isShare: false },
  "dropped-groups": { title: "groups dropped, all rewards equal (%)", isShare: true },
  "gradient-norm": { title: "norm of the gradient", isShare: false },
  "tokens-per-second": { title: "sampled tokens a second", isShare: false },
};

/** In the order of panels. */
export const CURVES_ORDER: readonly CurveName[] = Object.keys(CURVE_TEXTS) as CurveName[];

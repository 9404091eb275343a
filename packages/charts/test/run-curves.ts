import type { CurvePoint, RunCurves } from "@rrr/runs";

/** Curves of a run of six steps: the third learned nothing, one of the retries of the fifth errored. */
export function someCurves(change: Partial<RunCurves> = {}): RunCurves {
  const steps = [1, 2, 3, 4, 5, 6];
  const retries = steps.map((step): CurvePoint => {
    const value = 0.2 + step / 20;
    const share = step === 5 ? { bounds: [value, value + 0.1] as const, errored: 2 } : { value };
    return { step, of: "step", ...share, low: value - 0.1, high: value + 0.15 };
  });
  const entropy = steps.flatMap((step): CurvePoint[] =>
    step === 3 ? [] : [{ step, of: "step", value: 0.3 - step / 50 }],
  );
  return {
    curves: {
      "first-try": [
        { step: 0, of: "evaluation", value: 0.25, low: 0.2, high: 0.3 },
        { step: 6, of: "evaluation", value: 0.5, low: 0.45, high: 0.55 },
        { step: 3, of: "probe", value: 0.4, low: 0.3, high: 0.5 },
        { step: 6, of: "probe", value: 0.45, low: 0.35, high: 0.55 },
      ],
      retries,
      entropy,
      "reflection-tokens": steps.map((step) => ({ step, of: "step", value: 10 * step, cut: 0.1 })),
    },
    plannedSteps: 6,
    divergedAt: undefined,
    ...change,
  };
}

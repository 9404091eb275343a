import type { PolicyGradientLoss } from "@rrr/trainer";
import { expect, test } from "vitest";
import { splitLoss } from "./split-loss.ts";

const policy: PolicyGradientLoss = {
  kind: "policy-gradient",
  clipLow: 0.2,
  clipHigh: 0.28,
  klCoefficient: 0,
  normalization: { kind: "dapo" },
};

test("losses that differ in more than their normalisation are compiled apart, others once", () => {
  const compiled = (loss: Parameters<typeof splitLoss>[0]): string =>
    JSON.stringify(splitLoss(loss).compiled);
  const changed = (Object.keys(policy) as (keyof PolicyGradientLoss)[])
    .filter((name) => name !== "kind" && name !== "normalization")
    .map((name) => compiled({ ...policy, [name]: 0.5 }));
  const all = [compiled({ kind: "cross-entropy" }), compiled(policy), ...changed];
  expect(new Set(all).size).toBe(5);
  const drGrpo = { kind: "dr_grpo", sequences: 3, maxTokens: 8 } as const;
  expect(compiled({ ...policy, normalization: drGrpo })).toBe(compiled(policy));
  expect(splitLoss({ ...policy, normalization: drGrpo }).weighting).toBe(drGrpo);
  // What is absent by default has the graph, and the key, of a loss from before it could be said.
  expect(compiled({ ...policy, surrogate: "ppo", entropyCoefficient: 0 })).toBe(compiled(policy));
  expect(compiled(policy)).toBe('{"kind":"policy-gradient","clipLow":0.2,"clipHigh":0.28,"klCoefficient":0}');
  const others = [
    { ...policy, surrogate: "gspo" },
    { ...policy, surrogate: "cispo" },
    { ...policy, entropyCoefficient: 0.1 },
  ] as const;
  expect(new Set([policy, ...others].map(compiled)).size).toBe(4);
});

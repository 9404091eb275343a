import { expect, test } from "vitest";
import type { Loss, PolicyGradientLoss } from "../engine.ts";
import { checkLoss } from "./check-loss.ts";

const policy: PolicyGradientLoss = {
  kind: "policy-gradient",
  clipLow: 0.2,
  clipHigh: 0.28,
  klCoefficient: 0,
  normalization: { kind: "dr_grpo", sequences: 4, maxTokens: 16 },
};

test.each([
  { kind: "cross-entropy" } as const,
  policy,
  { ...policy, normalization: { kind: "grpo" } as const },
  { ...policy, surrogate: "gspo" as const, entropyCoefficient: 0.01 },
  { ...policy, normalization: { kind: "dapo" } as const },
])("%o is one", (loss) => {
  expect(() => checkLoss(loss)).not.toThrow();
});

test.each([
  [undefined, "loss.kind is undefined", "It may be cross-entropy, policy-gradient."],
  [{}, "loss.kind is undefined", "It may be cross-entropy, policy-gradient."],
  [{ kind: "policy_gradient" }, 'loss.kind is "policy_gradient"', 'Did you mean "policy-gradient"?'],
  [{ kind: "toString" }, 'loss.kind is "toString"', "It may be"],
  [{ kind: "cross-entropy", clipLow: 0.2 }, 'loss has no setting "clipLow"', "It has kind."],
  [{ ...policy, clip: 0.2 }, 'loss has no setting "clip"', 'Did you mean "clipLow"?'],
  [{ ...policy, surrogate: "gpo" }, 'surrogate is "gpo"', 'Did you mean "ppo"?'],
  [{ ...policy, entropyCoefficient: -1 }, "entropyCoefficient is -1", undefined],
  [{ ...policy, clipLow: Number.NaN }, "clipLow is NaN", undefined],
  [{ ...policy, clipHigh: -0.1 }, "clipHigh is -0.1", undefined],
  [{ ...policy, klCoefficient: Number.POSITIVE_INFINITY }, "klCoefficient is Infinity", undefined],
  [{ ...policy, klCoefficient: undefined }, "klCoefficient is undefined", undefined],
  [{ ...policy, normalization: "grpo" }, "normalization.kind is undefined", "It may be grpo, dapo, dr_grpo."],
  [{ ...policy, normalization: { kind: "gspo" } }, 'normalization.kind is "gspo"', 'Did you mean "grpo"?'],
  [
    { ...policy, normalization: { kind: "dr-grpo", sequences: 1, maxTokens: 1 } },
    'normalization.kind is "dr-grpo"',
    'Did you mean "dr_grpo"?',
  ],
  [{ ...policy, normalization: { kind: "dr_grpo", maxTokens: 1 } }, "sequences is undefined", undefined],
  [
    { ...policy, normalization: { kind: "dr_grpo", sequences: 1, maxTokens: 0.5 } },
    "maxTokens is 0.5",
    undefined,
  ],
])("%o is none", (loss, message, hint) => {
  expect(() => checkLoss(loss as unknown as Loss)).toThrow(
    expect.objectContaining({
      code: "bad-argument",
      message: expect.stringContaining(message),
      hint: hint === undefined ? undefined : expect.stringContaining(hint),
    }),
  );
});

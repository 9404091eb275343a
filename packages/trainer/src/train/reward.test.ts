import { type Episode, type FailedAttempt, fail, pass, RrrError } from "@rrr/core";
import { describe, expect, test } from "vitest";
import { type Digit, spoken } from "../fixtures/toy-task.ts";
import { rewardedReflections, rewardGroups } from "./reward.ts";
import type { TrainSettings } from "./train-settings.ts";

const item: Digit = { digit: 1 };
const attempt = { prompt: [], completion: spoken("7"), verdict: fail("wrong") };
const failure: FailedAttempt<Digit> = { kind: "failed", item, attempt };

/** `+` a retry that passed, `-` one that failed, `!` an episode that errored. */
function episode(sign: string): Episode<Digit> {
  if (sign === "!")
    return { kind: "errored", item, error: new RrrError("model-failed", "gone"), turn: "retry" };
  const retry = { prompt: [], completion: spoken("1"), verdict: sign === "+" ? pass() : fail("wrong") };
  return { kind: "reflected", item, attempt, reflection: { prompt: [], completion: spoken(sign), retry } };
}

function reward(groups: readonly string[], kind: TrainSettings<Digit>["reward"] = "retry", key = 0) {
  const settings = { reward: kind, advantageScale: "none" } as const;
  const episodes_PG = groups.map((group) => [...group].map(episode));
  return rewardGroups(
    groups.map(() => failure),
    episodes_PG,
    settings,
    key,
  );
}

describe("rewardGroups", () => {
  test("advantages are relative to the group's members that came to a verdict", () => {
    const [group] = reward(["+-!--"]);
    expect(group?.rewards_G).toEqual([1, 0, undefined, 0, 0]);
    expect(group?.advantages_G).toEqual([0.75, -0.25, undefined, -0.25, -0.25]);
  });

  test("a group without a difference in reward carries no gradient", () => {
    for (const group of reward(["++!", "---", "!!", "+!!"])) {
      expect(group.advantages_G.every((advantage) => advantage === undefined)).toBe(true);
      expect(rewardedReflections(group)).toEqual([]);
    }
  });

  test("what is learned from is the reflections with an advantage, and nothing of errored episodes", () => {
    const rewarded = reward(["+-!", "--"]).flatMap(rewardedReflections);
    expect(rewarded.map(({ reflection, advantage }) => [reflection.completion.text, advantage])).toEqual([
      ["+", 0.5],
      ["-", -0.5],
    ]);
  });

  test("random rewards come as often as true ones, know nothing of them, and are reproducible", () => {
    const groups = Array.from({ length: 500 }, () => "+---!");
    const rewards = reward(groups, "random", 5).flatMap(({ rewards_G }) => rewards_G);
    expect(rewards).toEqual(reward(groups, "random", 5).flatMap(({ rewards_G }) => rewards_G));
    expect(rewards).not.toEqual(reward(groups, "random", 6).flatMap(({ rewards_G }) => rewards_G));
    const mean = (at: (member: number) => boolean) => {
      const chosen = rewards.filter((_, i) => at(i % 5)).map((value) => value ?? Number.NaN);
      return chosen.reduce((sum, value) => sum + value, 0) / chosen.length;
    };
    // Standard errors: 0.0097 over 2,000 coins, 0.019 over 500.
    expect(Math.abs(mean((member) => member < 4) - 0.25)).toBeLessThan(0.04);
    expect(Math.abs(mean((member) => member === 0) - 0.25)).toBeLessThan(0.08);
    expect(rewards.filter((_, i) => i % 5 === 4).every((value) => value === undefined)).toBe(true);
  });

  test("a custom reward is asked for episodes with a verdict only; undefined leaves one out", () => {
    const asked: string[] = [];
    const [group] = reward(["+-!-"], ({ reflection: { completion, retry } }) => {
      asked.push(completion.text);
      if (retry.verdict.kind === "pass") return 3;
      return asked.length === 2 ? undefined : 1;
    });
    expect(asked).toEqual(["+", "-", "-"]);
    expect(group?.rewards_G).toEqual([3, undefined, undefined, 1]);
    expect(group?.advantages_G).toEqual([1, undefined, undefined, -1]);
  });

  test("equal custom rewards carry no gradient, and neither does a group that is left out", () => {
    for (const own of [() => -2.5, () => undefined]) {
      const [group] = reward(["+--"], own);
      expect(group === undefined ? [] : rewardedReflections(group)).toEqual([]);
    }
  });

  test.each([
    ["NaN", () => Number.NaN, "NaN"],
    ["endless", () => Number.NEGATIVE_INFINITY, "-Infinity"],
    ["a promise", (async () => 1) as unknown as () => number, "[object Promise]"],
    ["text", (() => "1") as unknown as () => number, "1"],
  ])("a custom reward that is %s is refused", (_, own, seen) => {
    expect(() => reward(["+-"], own)).toThrow(
      expect.objectContaining({ code: "bad-argument", message: expect.stringContaining(`got ${seen}`) }),
    );
  });
});

import { take } from "@rrr/core";
import { promptCopies } from "@rrr/core/testing";
import { describe, expect, it } from "vitest";
import { countdown } from "./countdown.ts";
import type { CountdownItem } from "./item.ts";
import { PRESETS, type PresetName } from "./presets.ts";
import { countdownPrompt } from "./prompt.ts";
import { verifyCountdown } from "./verify.ts";

it("asks the built-in model word for word as it was taught", () => {
  expect(countdown().prompt({ numbers: [25, 7, 8], target: 24 })).toEqual([
    {
      role: "user",
      content:
        "Using the numbers [25, 7, 8], create an equation that equals 24. You can use basic arithmetic operations " +
        "(+, -, *, /) and each number must be used exactly once. Show your work in <think> </think> tags and return the " +
        "final equation in <answer> </answer> tags, for example <answer>(1 + 2) / 3</answer>.",
    },
  ]);
});

describe.each(Object.keys(PRESETS) as PresetName[])("the prompts of %s", (preset) => {
  async function verdicts() {
    const task = countdown({ preset });
    const items: readonly CountdownItem[] = [
      ...(await take(task.items("test", 1), 300)),
      ...(await take(task.items("train", 1), 300)),
    ];
    return items.flatMap((item) =>
      promptCopies(task.prompt(item)).flatMap(({ text }) =>
        [false, true].flatMap((strict) =>
          [text, `<answer>${text}</answer>`].map((copy) => verifyCountdown(item, copy, { strict })),
        ),
      ),
    );
  }

  it("have nothing that passes when it is copied", async () => {
    expect((await verdicts()).filter(({ kind }) => kind === "pass")).toEqual([]);
  });

  it.runIf(preset !== "small")("have nothing that is an answer to another problem", async () => {
    const codes = (await verdicts()).map((verdict) =>
      verdict.kind === "fail" ? verdict.code : verdict.kind,
    );
    expect(new Set(codes)).toEqual(new Set(["no-answer", "not-an-expression"]));
    const [{ content } = { content: "" }] = countdownPrompt({ numbers: [25, 7, 8], target: 24 }, preset);
    expect(content).toMatch(/<answer> <\/answer> tags\.$/);
  });
});

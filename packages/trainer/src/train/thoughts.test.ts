import { type FailedAttempt, fail, reflectionPrompt, toFailure } from "@rrr/core";
import { describe, expect, test } from "vitest";
import { KEEPS, LEAVES_OUT, saying, thinkingEngine, thinkingTextFiles } from "../../test/thinking-model.ts";
import type { Datum, Engine } from "../engine.ts";
import { type Digit, drain, spoken, toyTask } from "../fixtures/toy-task.ts";
import { createPolicy } from "../policy.ts";
import { train } from "./train.ts";

const failure: FailedAttempt<Digit> = {
  kind: "failed",
  item: { digit: 7 },
  attempt: {
    prompt: [{ role: "user", content: "say 7" }],
    completion: spoken("<think>hm</think>\n8"),
    verdict: fail("wrong"),
  },
};
const settings = { steps: 1, failuresPerStep: 1, groupSize: 4, seed: 1 } as const;

const REFLECTIONS = [
  { text: "<think>so</think>\n\nsay 7" },
  { text: "<think>or</think>say 8" },
  { text: "just 7" },
  { text: "<think>and so on", isCutOff: true },
];

/** Reflections as above; a retry passes where it was told 7, and a blind one by luck. */
function scripted(engine: Engine, log: string[]): Engine {
  return saying(engine, (prompt, index) => {
    if (prompt.endsWith("why?\nassistant\n")) return REFLECTIONS[index] ?? { text: "" };
    log.push(prompt);
    const told = prompt.split("why?").at(1);
    return { text: told === undefined || told.includes("7\nuser") ? "7" : "8" };
  });
}

/** One step of training. @returns what reached the engine, the prompts of retries, and the step's report */
async function step(files = thinkingTextFiles(LEAVES_OUT)) {
  const prompts: string[] = [];
  const data: Datum[] = [];
  const engine = scripted(thinkingEngine(files), prompts);
  const spied: Engine = {
    ...engine,
    forwardBackward(given, loss) {
      data.push(...given);
      return engine.forwardBackward(given, loss);
    },
  };
  const { yielded } = await drain(train(toyTask, spied, [failure], settings));
  const [report] = yielded;
  if (report === undefined) throw new Error("no step was made");
  return { engine, data, prompts, report, group: report.groups[0] };
}

const idsOf = ({ tokenizer }: Engine, text: string): number[] => [...tokenizer.encode(text)];

describe("where a template leaves thoughts out", () => {
  test("the retry reads what stands after the thought, and a cut-off thought is not shown", async () => {
    const { prompts } = await step();
    const asked = "user\nsay 7\nassistant\n8\n";
    const reflected = (shown: string) => `${asked}user\nwhy?\nassistant\n${shown}\nuser\nsay 7\nassistant\n`;
    expect(prompts).toEqual([
      reflected("say 7"),
      reflected("say 8"),
      reflected("just 7"),
      `${asked}user\nsay 7\nassistant\n`,
    ]);
  });

  test("what was read is trained, from the sampled tokens; the thought is context", async () => {
    const { engine, data, group } = await step();
    const prompt = requestIds(engine);
    const end = engine.tokenizer.stopIds[0] as number;
    const [first = Number.NaN, second, third] = group?.advantages_G ?? [];
    expect(data.map(({ prompt }) => [...prompt])).toEqual([
      [...prompt, ...idsOf(engine, "<think>so</think>\n\n")],
      [...prompt, ...idsOf(engine, "<think>or</think>")],
      prompt,
    ]);
    expect(data.map(({ targets }) => [...targets])).toEqual([
      [...idsOf(engine, "say 7"), end],
      [...idsOf(engine, "say 8"), end],
      [...idsOf(engine, "just 7"), end],
    ]);
    expect(data.map(({ weights }) => [...weights])).toEqual(
      [first, second, third].map((advantage, i) => Array(i === 2 ? 7 : 6).fill(Math.fround(advantage ?? 0))),
    );
    // Of the very tokens, behind the very context that they were sampled behind.
    const scored = await thinkingEngine(thinkingTextFiles(LEAVES_OUT)).forward(data);
    data.forEach(({ logprobs }, i) => {
      for (const [t, logprob] of [...(logprobs ?? [])].entries())
        expect(logprob).toBeCloseTo(scored[i]?.[t] ?? NaN, 5);
    });
  });

  test("a cut-off thought earns nothing, though its blind retry passed, and carries no gradient", async () => {
    const { group, report, data } = await step();
    expect(group?.rewards_G).toEqual([1, 0, 1, 0]);
    expect(group?.advantages_G[3]).toBeLessThan(0);
    expect(data).toHaveLength(3);
    expect(report).toMatchObject({ passRate: 0.75, truncated: 0.25, errored: 0, kept: 1 });
    const last = group?.episodes_G[3];
    expect(last).toMatchObject({
      reflection: {
        completion: { text: "", reasoning: "<think>and so on" },
        retry: { verdict: { kind: "pass" } },
      },
    });
  });

  test("a group of nothing but cut-off thoughts changes nothing", async () => {
    const engine = thinkingEngine(thinkingTextFiles(LEAVES_OUT));
    const cut = saying(engine, (prompt) => ({
      text: prompt.endsWith("why?\nassistant\n") ? "<think>and" : prompt.length % 2 === 0 ? "7" : "8",
      isCutOff: true,
    }));
    const before = await engine.weightsVersion();
    let reward = 0;
    const { yielded } = await drain(train(toyTask, cut, [failure], { ...settings, reward: () => reward++ }));
    expect(yielded[0]).toMatchObject({ update: undefined });
    expect(await engine.weightsVersion()).toBe(before);
  });

  test("a thought that the prompt opens is no part of the answer, also where it is cut off", async () => {
    const policy = createPolicy(thinkingEngine(thinkingTextFiles(LEAVES_OUT, { opening: "<think>\\n" })));
    expect(policy.history).toMatchObject({ reflection: "without thoughts", opensThought: true });
    const engine = thinkingEngine(thinkingTextFiles(LEAVES_OUT, { opening: "<think>\\n" }));
    const answers = [{ text: "so\n</think>\n\nsay 7" }, { text: "so and so", isCutOff: true }];
    const thinking = createPolicy(saying(engine, (_, i) => answers[i] as { text: string }));
    const [closed, open] = await thinking.generate(failure.attempt.prompt, {
      ...{ n: 2, maxTokens: 20, temperature: 1, seed: 0 },
    });
    expect(closed).toMatchObject({ text: "say 7", reasoning: "so\n</think>\n\n", hidden: 0 });
    expect(closed?.tokens?.hidden).toBe(idsOf(engine, "so\n</think>\n\n").length);
    expect(open).toMatchObject({ text: "", reasoning: "so and so", hidden: 0, tokens: { hidden: 9 } });
  });

  test("tags that the tokenizer calls special are tags all the same", async () => {
    const { data, engine } = await step(thinkingTextFiles(LEAVES_OUT, { special: true }));
    expect(data.map(({ targets }) => engine.tokenizer.decode(targets))).toEqual(["say 7", "say 8", "just 7"]);
  });
});

describe("where a template shows everything", () => {
  test("reflections are read and trained whole", async () => {
    const { engine, data, prompts, group } = await step(thinkingTextFiles(KEEPS));
    const prompt = requestIds(engine);
    expect(prompts.map((text) => text.split("why?\nassistant\n")[1]?.split("\nuser")[0])).toEqual(
      REFLECTIONS.map(({ text }) => text),
    );
    const end = engine.tokenizer.stopIds[0] as number;
    expect(data.map(({ prompt }) => [...prompt])).toEqual(REFLECTIONS.map(() => prompt));
    expect(data.map(({ targets }) => [...targets])).toEqual(
      REFLECTIONS.map(({ text, isCutOff }) => [...idsOf(engine, text), ...(isCutOff ? [] : [end])]),
    );
    expect(group?.rewards_G).toEqual([1, 0, 1, 0]);
  });
});

test("a template that shows something else is refused", async () => {
  const training = drain(
    train(toyTask, thinkingEngine(thinkingTextFiles("message.content[:20]")), [failure], settings),
  );
  await expect(training).rejects.toMatchObject({ code: "bad-model", hint: expect.any(String) });
});

/** The tokens of the request for a reflection. */
function requestIds({ tokenizer }: Engine): number[] {
  return [...tokenizer.encodeChat(reflectionPrompt(toyTask, toFailure(failure)))];
}

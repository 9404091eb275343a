import { describe, expect, it } from "vitest";
import { scriptedModel } from "../src/testing/scripted-model.ts";
import { type Sum, sumDefinition, sumTask } from "../test/sum-task.ts";
import { attemptPrompt, blindRetryPrompt } from "./conversation.ts";
import { defineTask } from "./define-task.ts";
import type { FailedAttempt } from "./episode.ts";
import { RrrError } from "./errors.ts";
import type { GenerateOptions, Model } from "./model.ts";
import { deriveKey } from "./random.ts";
import { defaultReflectionRequest } from "./reflection-request.ts";
import { reflectAndRetryGroup, runAnswer, runAttempt, runEpisode, toFailure } from "./run-episode.ts";

const item: Sum = { a: 2, b: 3 };
const settings = { seed: 1, temperature: 1 };
const request = defaultReflectionRequest({ item, prompt: [], completion: "" });

/** Answers wrongly, and rightly after a reflection that says "carry". */
const learner = scriptedModel(({ prompt, last, index }) => {
  if (last === request) return index % 2 === 0 ? "carry" : "hm";
  return prompt.some(({ content }) => content === "carry") ? "= 5" : "= 6";
});

async function failedAttempt(): Promise<FailedAttempt<Sum>> {
  const outcome = await runAttempt(sumTask, learner, item, settings);
  if (outcome.kind !== "failed") throw new Error("the attempt was to fail");
  return outcome;
}

describe("runEpisode", () => {
  it("ends with a right attempt", async () => {
    const episode = await runEpisode(
      sumTask,
      scriptedModel(() => "= 5"),
      item,
      settings,
    );
    expect(episode).toMatchObject({ kind: "solved", item, attempt: { verdict: { kind: "pass" } } });
  });

  it("shows the model these conversations after a wrong one", async () => {
    const episode = await runEpisode(sumTask, learner, item, settings);
    if (episode.kind !== "reflected") throw new Error(episode.kind);
    const problem = sumTask.prompt(item);
    const reflecting = [
      ...problem,
      { role: "assistant", content: "= 6" },
      { role: "user", content: request },
    ];
    expect(episode.attempt.prompt).toEqual(problem);
    expect(episode.reflection.prompt).toEqual(reflecting);
    expect(episode.reflection.retry.prompt).toEqual([
      ...reflecting,
      { role: "assistant", content: "carry" },
      { role: "user", content: "2 + 3" },
    ]);
    expect(episode.reflection.retry.verdict.kind).toBe("pass");
  });

  it("shows the retry of the layout note the problem and the reflection, not the attempt", async () => {
    const noting = scriptedModel(({ last }) => {
      if (last === request) return "carry";
      return last.includes("<note>\ncarry\n</note>") ? "= 5" : "= 6";
    });
    const system = { role: "system", content: "Add.", tools: [{ name: "add", parameters: {} }] } as const;
    const shot = [
      { role: "user", content: "1 + 1" },
      { role: "assistant", content: "= 2" },
    ] as const;
    const prompt = ({ a, b }: Sum) => [system, ...shot, { role: "user" as const, content: `${a} + ${b}` }];
    const task = defineTask({ ...sumDefinition, prompt, retryLayout: "note" });
    const episode = await runEpisode(task, noting, item, settings);
    if (episode.kind !== "reflected") throw new Error(episode.kind);
    const note =
      "You wrote this note after a failed try at the problem below:\n\n<note>\ncarry\n</note>\n\n2 + 3";
    expect(episode.reflection.retry.prompt).toEqual([system, ...shot, { role: "user", content: note }]);
    expect(episode.reflection.retry.verdict.kind).toBe("pass");
    // The request for a reflection has the failed attempt in any layout.
    expect(episode.reflection.prompt).toContainEqual({ role: "assistant", content: "= 6" });
    const asked = await runEpisode(task, noting, item, { ...settings, retryLayout: "conversation" });
    if (asked.kind !== "reflected") throw new Error(asked.kind);
    expect(asked.reflection.retry.prompt).toContainEqual({ role: "assistant", content: "= 6" });

    const own = { ...task, note: (reflection: string) => `Notiz: ${reflection}` };
    const worded = await runEpisode(own, noting, item, settings);
    expect(worded).toMatchObject({
      reflection: { retry: { prompt: { 3: { content: "Notiz: carry\n\n2 + 3" } } } },
    });
  });

  it("puts the note of a later round before that of an earlier one, and a mere thought into none", async () => {
    let reflections = 0;
    const failing = scriptedModel(({ last }) => (last === request ? `note ${++reflections}` : "= 6"));
    const at = { ...settings, rounds: 2, retryLayout: "note" } as const;
    const episode = await runEpisode(sumTask, failing, item, at);
    if (episode.kind !== "reflected") throw new Error(episode.kind);
    const last = episode.later?.[0]?.retry.prompt;
    expect(last).toHaveLength(sumTask.prompt(item).length);
    const shown = last?.at(-1)?.content ?? "";
    expect(shown.indexOf("note 2")).toBeLessThan(shown.indexOf("note 1"));
    expect(shown.endsWith("2 + 3")).toBe(true);

    const thinker = scriptedModel(({ last }) => (last === request ? "<think>carry" : "= 6"));
    const thought = await runEpisode(sumTask, thinker, item, { ...at, rounds: 1 });
    expect(thought).toMatchObject({ reflection: { retry: { prompt: sumTask.prompt(item) } } });
  });

  it("samples retries, and answers in their place, at their own temperature", async () => {
    const temperatures: number[] = [];
    const model = scriptedModel(({ options }) => {
      temperatures.push(options.temperature);
      return "= 6";
    });
    const at = { ...settings, retryTemperature: 0 };
    await runEpisode(sumTask, model, item, at);
    await runAnswer(sumTask, model, item, sumTask.prompt(item), at);
    expect(temperatures).toEqual([1, 1, 0, 0]);
  });

  it("shows the retry what a reflection says after its thought, and of a mere thought nothing", async () => {
    const after = async (reflection: string, finish: "stop" | "length" = "stop") => {
      const thinker = scriptedModel(({ last }) => ({ text: last === request ? reflection : "= 6", finish }));
      const episode = await runEpisode(sumTask, thinker, item, settings);
      if (episode.kind !== "reflected") throw new Error(episode.kind);
      return episode;
    };
    const { attempt, reflection } = await after("<think>2 + 3?</think>\n\nI must carry.");
    expect(reflection.completion).toMatchObject({
      text: "I must carry.",
      reasoning: "<think>2 + 3?</think>\n\n",
    });
    expect(reflection.retry.prompt.at(-2)).toEqual({ role: "assistant", content: "I must carry." });
    const failure = toFailure({ kind: "failed", item, attempt });
    for (const thought of ["<think>2 +", "<think>2 + 3?</think>\n"]) {
      const { reflection: none } = await after(thought, "length");
      expect(none.completion).toMatchObject({ text: "", reasoning: thought });
      expect(none.retry.prompt).toEqual(blindRetryPrompt(failure));
    }
    // An empty reflection that hides no thought is shown as it is.
    expect((await after("")).reflection.retry.prompt.at(-2)).toEqual({ role: "assistant", content: "" });
  });

  it("goes on for as many rounds as are allowed, each from the failed retry before it", async () => {
    const slow = scriptedModel(({ prompt, last }) => {
      if (last === request) return "carry";
      return prompt.filter(({ content }) => content === "carry").length === 3 ? "= 5" : "= 6";
    });
    const inRounds = (rounds: number) => runEpisode(sumTask, slow, item, { ...settings, rounds });
    const [two, three, five] = await Promise.all([2, 3, 5].map(inRounds));
    if (two?.kind !== "reflected" || three?.kind !== "reflected") throw new Error("not reflected");
    expect(two.later?.map(({ retry }) => retry.verdict.kind)).toEqual(["fail"]);
    expect(three.later?.map(({ retry }) => retry.verdict.kind)).toEqual(["fail", "pass"]);
    expect(five).toEqual(three);
    const [second] = three.later ?? [];
    expect(second?.prompt).toEqual([
      ...three.reflection.retry.prompt,
      { role: "assistant", content: "= 6" },
      { role: "user", content: request },
    ]);
    expect(second?.retry.prompt.at(-1)).toEqual(sumTask.prompt(item).at(-1));
    expect((await inRounds(1)).kind === "reflected" && "later" in (await inRounds(1))).toBe(false);
  });

  it.each(["budget-spent", "diverged", "bad-model"] as const)(
    "lets %s through: that is the run's end, not a problem's",
    async (code) => {
      const spent: Model = { id: "spent", generate: () => Promise.reject(new RrrError(code, "no more")) };
      await expect(runEpisode(sumTask, spent, item, settings)).rejects.toMatchObject({ code });
    },
  );

  it("asks with seeds of its own for each stage, and the task's limits", async () => {
    const asked: GenerateOptions[] = [];
    const model: Model = {
      id: "spy",
      generate: (prompt, options) => {
        asked.push(options);
        return learner.generate(prompt, options);
      },
    };
    const limits = { attempt: 11, reflection: 22 };
    await runEpisode(defineTask({ ...sumDefinition, limits }), model, item, settings);
    const three = { ...limits, retry: 33 };
    await runEpisode(defineTask({ ...sumDefinition, limits: three }), model, item, settings);
    await runAnswer(
      defineTask({ ...sumDefinition, limits: three }),
      model,
      item,
      attemptPrompt(sumTask, item),
      settings,
    );
    expect(asked.splice(3).map(({ maxTokens }) => maxTokens)).toEqual([11, 22, 33, 33]);
    expect(asked).toEqual([
      { n: 1, maxTokens: 11, temperature: 1, seed: deriveKey(1, "attempt") },
      { n: 1, maxTokens: 22, temperature: 1, seed: deriveKey(1, "reflection") },
      { n: 1, maxTokens: 11, temperature: 1, seed: deriveKey(1, "retry", 0) },
    ]);
  });
});

describe("a group", () => {
  it("is G reflections of one request, one retry each", async () => {
    const group = await reflectAndRetryGroup(sumTask, learner, await failedAttempt(), 4, settings);
    const kinds = group.map((each) =>
      each.kind === "reflected" ? each.reflection.retry.verdict.kind : each.kind,
    );
    expect(kinds).toEqual(["pass", "fail", "pass", "fail"]);
  });

  it("loses only the members whose retry breaks", async () => {
    const verify: typeof sumTask.verify = (each, completion, context) => {
      if (completion === "= 5") throw new Error("boom");
      return sumTask.verify(each, completion, context);
    };
    const group = await reflectAndRetryGroup(
      { ...sumTask, verify },
      learner,
      await failedAttempt(),
      2,
      settings,
    );
    expect(group).toMatchObject([
      { kind: "errored", error: { code: "verifier-failed" }, turn: "retry" },
      { kind: "reflected" },
    ]);
  });

  it("is errored as a whole where the reflections cannot be drawn", async () => {
    const down = scriptedModel(() => {
      throw new Error("down");
    });
    const group = await reflectAndRetryGroup(sumTask, down, await failedAttempt(), 3, settings);
    expect(group).toMatchObject(Array(3).fill({ kind: "errored", turn: "reflection" }));
  });
});

describe("runAnswer", () => {
  it("checks an answer to any prompt: here a blind retry", async () => {
    const prompt = blindRetryPrompt(toFailure(await failedAttempt()));
    expect(prompt).toEqual([
      ...sumTask.prompt(item),
      { role: "assistant", content: "= 6" },
      { role: "user", content: "2 + 3" },
    ]);
    expect(await runAnswer(sumTask, learner, item, prompt, settings)).toMatchObject({ kind: "failed" });
  });
});

describe("what goes wrong is data", () => {
  it.each([
    [
      "model-failed",
      "the model failed: out of memory",
      sumTask,
      scriptedModel(() => {
        throw new Error("out of memory");
      }),
    ],
    [
      "context-overflow",
      "too long",
      sumTask,
      scriptedModel(() => {
        throw new RrrError("context-overflow", "too long");
      }),
    ],
    [
      "model-failed",
      'model "none" returned 0 completions where 1 were asked for',
      sumTask,
      { id: "none", generate: async () => [] },
    ],
    [
      "verifier-failed",
      'the verifier of task "sum" threw: boom',
      {
        ...sumTask,
        verify: () => {
          throw new Error("boom");
        },
      },
      learner,
    ],
    [
      "bad-task",
      'task "sum": prompt() threw: boom',
      {
        ...sumTask,
        prompt: () => {
          throw new Error("boom");
        },
      },
      learner,
    ],
    [
      "bad-task",
      'task "sum": prompt() must return messages with a user turn',
      { ...sumTask, prompt: () => [] },
      learner,
    ],
    [
      "bad-task",
      'task "sum": reflect() threw: boom',
      {
        ...sumTask,
        reflect: () => {
          throw new Error("boom");
        },
      },
      learner,
    ],
  ] as const)("%s: %s", async (code, message, task, model) => {
    const episode = await runEpisode(task, model, item, settings);
    expect(episode).toMatchObject({ kind: "errored", item, error: { code, message } });
  });

  it("an abort ends the wait for a verifier that is under way", async () => {
    const never = { ...sumTask, verify: () => new Promise<never>(() => {}) };
    const running = runAttempt(never, learner, item, { ...settings, signal: AbortSignal.timeout(20) });
    await expect(running).rejects.toMatchObject({ code: "aborted" });
  });

  it("but an abort propagates", async () => {
    const controller = new AbortController();
    const aborting = scriptedModel(() => {
      controller.abort();
      return "= 6";
    });
    const running = runEpisode(sumTask, aborting, item, { ...settings, signal: controller.signal });
    await expect(running).rejects.toMatchObject({ code: "aborted" });
    const late = runEpisode(sumTask, learner, item, { ...settings, signal: AbortSignal.abort() });
    await expect(late).rejects.toMatchObject({ code: "aborted" });
  });
});

it("asks the task for a request once a group: retries go on from the very conversation of the reflections", async () => {
  let asked = 0;
  const counting = { ...sumTask, reflect: () => `why, for the ${++asked}. time?` };
  const episodes = await reflectAndRetryGroup(counting, learner, await failedAttempt(), 3, settings);
  expect(asked).toBe(1);
  for (const episode of episodes) {
    if (episode.kind !== "reflected") throw new Error("every reflection was to get a retry");
    const { prompt, retry } = episode.reflection;
    expect(retry.prompt.slice(0, prompt.length)).toEqual(prompt);
  }
});

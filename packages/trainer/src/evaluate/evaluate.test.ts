import { type Model, uniformAt } from "@rrr/core";
import { type ScriptedRequest, scriptedModel } from "@rrr/core/testing";
import { describe, expect, test } from "vitest";
import { type Digit, drain, spoken, toyTask } from "../fixtures/toy-task.ts";
import { evaluate } from "./evaluate.ts";
import { createMemoryRecord } from "./evaluation-record.ts";

/** Which turn of an episode is asked for, read off the conversation. */
function stageOf({ prompt, last }: ScriptedRequest): "attempt" | "reflection" | "retry" | "blind" {
  if (last === "why?") return "reflection";
  if (prompt.length === 1) return "attempt";
  return prompt.length === 3 ? "blind" : "retry";
}

const digitOf = ({ last }: ScriptedRequest) => last.replace("say ", "");
const digits = (count: number): Digit[] => Array.from({ length: count }, (_, digit) => ({ digit }));

/** Solves 0 at once, 1 after any reflection of its own, 2 blindly, 3 never; reflections say whose they are. */
const model = scriptedModel((request) => {
  const { prompt } = request;
  const digit = digitOf(request);
  switch (stageOf(request)) {
    case "attempt":
      return spoken(digit === "0" ? "0" : "x");
    case "reflection":
      return spoken(`r${prompt[0]?.content.slice(4)}`);
    case "retry":
      return spoken(digit === "1" && prompt.at(-2)?.content === "r1" ? "1" : "y");
    case "blind":
      return spoken(digit === "2" ? "2" : "z");
  }
});

describe("evaluate", () => {
  test("measures first try, after reflection and every control on the same items", async () => {
    const { returned } = await drain(evaluate(toyTask, model, digits(4)));
    const outcomes = returned.table.flat();
    const solved = { first: true, after: true, blind: true, donor: true, passAt2: true, matched: true };
    const failed = {
      first: false,
      after: false,
      blind: false,
      donor: false,
      passAt2: false,
      matched: false,
      leak: true,
    };
    expect(outcomes).toEqual([
      { ...solved, greedyFirst: true, greedyAfter: true },
      { ...failed, after: true, greedyFirst: false, greedyAfter: true },
      { ...failed, blind: true, greedyFirst: false, greedyAfter: false },
      { ...failed, greedyFirst: false, greedyAfter: false },
    ]);
    expect(returned.rates.first).toMatchObject({ passed: 1, of: 4, value: 0.25 });
    expect(returned.rates.after).toMatchObject({ passed: 2, of: 4, value: 0.5 });
    expect(returned.rates.leak).toMatchObject({ passed: 3, of: 3 });
    // Wilson's interval for 1 of 4, worked out by hand: (1 + z²/2 ± z·√(3/4 + z²/4)) / (4 + z²).
    expect(returned.rates.first?.low).toBeCloseTo(0.0456, 4);
    expect(returned.rates.first?.high).toBeCloseTo(0.6994, 4);
    const { attempt, reflection, retry } = returned.answers;
    expect([attempt?.tokens, reflection?.tokens, retry?.tokens]).toEqual([1, 2, 1]);
    expect([attempt?.answers, reflection?.answers, retry?.answers]).toEqual([4, 3, 3]);
    expect(returned.errored).toBe(0);
  });

  test("a donor's reflection is the next failed item's, in a ring, placed in this item's own conversation", async () => {
    const seen: string[] = [];
    const spying = scriptedModel((request) => {
      if (stageOf(request) === "retry") {
        const own = `r${digitOf(request)}`;
        const reflection = request.prompt.at(-2)?.content ?? "";
        if (reflection !== own) {
          seen.push(`${own}<${reflection}`);
          expect(request.prompt.map(({ role }) => role).join(" ")).toBe("user assistant user assistant user");
        }
      }
      return digitOf(request) === "2"
        ? spoken("2")
        : stageOf(request) === "reflection"
          ? reflectionOf(request)
          : spoken("x");
    });
    await drain(evaluate(toyTask, spying, digits(4), { greedy: false }));
    expect(seen.sort()).toEqual(["r0<r1", "r1<r3", "r3<r0"]);
  });

  test("a reflection that was only thought is counted, and given to nobody", async () => {
    const seen = new Set<string>();
    const thinking = scriptedModel((request) => {
      const digit = digitOf(request);
      if (stageOf(request) === "retry") seen.add(`${digit}: ${request.prompt.at(-2)?.content}`);
      if (stageOf(request) !== "reflection") return spoken("x");
      const own = request.prompt[0]?.content.slice(4);
      return spoken(own === "1" ? "<think>r1" : `<think>hm</think>\nr${own}`);
    });
    const { returned } = await drain(evaluate(toyTask, thinking, digits(3), { greedy: false }));
    expect([...seen].sort()).toEqual(["0: r0", "0: r2", "1: r2", "2: r0", "2: r2"]);
    expect(returned.answers.reflection).toMatchObject({ answers: 3, onlyThought: 1 });
    expect(returned.answers.retry).not.toHaveProperty("onlyThought");
    // Read in what reflections say, not in what they think.
    expect(returned.table.flat().map(({ leak }) => leak)).toEqual([true, false, true]);
  });

  test("where a single item failed there is no donor, and no rate of those that needed none", async () => {
    const { returned } = await drain(evaluate(toyTask, model, digits(2)));
    expect(returned.rates.donor).toBeUndefined();
    expect(returned.table.flat().map(({ blind }) => blind)).toEqual([true, false]);
    expect((await drain(evaluate(toyTask, model, digits(3)))).returned.rates.donor?.of).toBe(3);
  });

  test("matched attempts may use exactly the tokens of this item's own episode", async () => {
    // The episode takes 2 + 5 + 2 tokens. Independent attempts take 2 each: the third of them fits, a fourth not.
    const solvedBy = (attempt: number) => {
      let independent = 0;
      return scriptedModel((request) => {
        if (stageOf(request) === "reflection") return spoken("abcde");
        if (stageOf(request) !== "attempt" || request.options.temperature === 0) return spoken("no");
        const text = independent++ === attempt ? " 1".slice(0, request.options.maxTokens) : "no";
        return { ...spoken(text), text: text.trim() };
      });
    };
    const matched = async (attempt: number) => {
      const run = evaluate(toyTask, solvedBy(attempt), [{ digit: 1 }], { greedy: false });
      return (await drain(run)).returned.table[0]?.[0];
    };
    expect(await matched(1)).toMatchObject({ first: false, passAt2: true, matched: true });
    expect(await matched(2)).toMatchObject({ passAt2: false, matched: true });
    expect(await matched(3)).toMatchObject({ passAt2: false, matched: true });
    expect(await matched(4)).toMatchObject({ passAt2: false, matched: false });
  });

  test("where some answers lack their count nothing is matched, and nothing more is asked for", async () => {
    let attempts = 0;
    const model = scriptedModel((request) => {
      if (stageOf(request) !== "attempt") return spoken("yyyyyyyyy");
      // A server that counts the tokens of its first answer only.
      const { text, finish } = spoken("x");
      return attempts++ === 0 ? spoken("xx") : { text, finish };
    });
    const { returned } = await drain(evaluate(toyTask, model, digits(1), { greedy: false }));
    expect(returned.rates.matched).toBeUndefined();
    expect(returned.rates.passAt2).toMatchObject({ passed: 0, of: 1 });
    expect(attempts).toBe(2);
  });

  test("without token counts nothing is matched, not even a solved item", async () => {
    const silent = scriptedModel((request) => (digitOf(request) === "0" ? "0" : "x"));
    const { returned } = await drain(evaluate(toyTask, silent, digits(3)));
    expect(returned.rates.matched).toBeUndefined();
    expect(returned.rates.passAt2).toMatchObject({ passed: 1, of: 3 });
  });

  test("an episode that errors is in no rate; a control that errors is only missing from its own", async () => {
    const breaking = scriptedModel((request) => {
      if (digitOf(request) === "1" && stageOf(request) === "attempt") return spoken("broken");
      if (stageOf(request) === "blind" && digitOf(request) === "2") return spoken("broken");
      return spoken("x");
    });
    const { yielded, returned } = await drain(evaluate(toyTask, breaking, digits(4)));
    expect(returned.errored).toBe(1);
    expect(returned.rates.first?.of).toBe(3);
    expect(returned.rates.after?.of).toBe(3);
    expect(returned.rates.blind?.of).toBe(2);
    expect(returned.table[1]).toEqual([{}]);
    expect(yielded.at(-1)).toMatchObject({ errored: 1, first: 0, after: 0 });
  });

  test("neither the concurrency nor the controls change an outcome", async () => {
    const noisy = scriptedModel((request) =>
      spoken(uniformAt(request.options.seed, request.prompt.length) < 0.3 ? digitOf(request) : "x"),
    );
    const settings = { seed: 3, concurrency: 1 };
    const { returned: alone } = await drain(evaluate(toyTask, noisy, digits(60), settings));
    const { returned: crowd } = await drain(
      evaluate(toyTask, noisy, digits(60), { ...settings, concurrency: 50 }),
    );
    expect(crowd).toEqual(alone);
    expect(crowd.table.flat()).toHaveLength(60);
    const bare = await drain(
      evaluate(toyTask, noisy, digits(60), { ...settings, controls: false, greedy: false }),
    );
    expect(bare.returned.rates.after).toEqual(alone.rates.after);
    expect(Object.keys(bare.returned.rates)).toEqual(["first", "after"]);
  });

  test("reports each part as it goes, and an abort ends it", async () => {
    const { yielded } = await drain(evaluate(toyTask, model, digits(4)));
    expect(yielded.map(({ part, done }) => `${part} ${done}`)).toEqual(
      ["episodes", "controls", "greedy"].flatMap((part) => [1, 2, 3, 4].map((done) => `${part} ${done}`)),
    );
    // What is solved at once comes first: the share of half of them would say 50 and 100 %.
    expect(yielded[1]).toMatchObject({ total: 4, first: undefined, after: undefined });
    expect(yielded[3]).toMatchObject({ total: 4, first: 0.25, after: 0.5 });
    const signal = AbortSignal.abort();
    await expect(drain(evaluate(toyTask, model, digits(4), { signal }))).rejects.toMatchObject({
      code: "aborted",
    });
  });
});

test("items go through the task's schema, once", async () => {
  const validate = (value: unknown) => ({ value: { digit: (value as Digit).digit + 1 } });
  const shifting = { ...toyTask, schema: { "~standard": { version: 1, vendor: "test", validate } } } as const;
  const record = createMemoryRecord<Digit>();
  await drain(evaluate(shifting, model, digits(2), { record }));
  expect(record.entries().map(({ episode }) => episode.item)).toEqual([{ digit: 1 }, { digit: 2 }]);
  const refusing = {
    ...toyTask,
    schema: {
      "~standard": { version: 1, vendor: "test", validate: () => ({ issues: [{ message: "no" }] }) },
    },
  } as const;
  await expect(drain(evaluate(refusing, model, digits(2)))).rejects.toMatchObject({ code: "bad-item" });
});

test("what a record has is not made again, and counts", async () => {
  const record = createMemoryRecord<Digit>();
  for await (const { done } of evaluate(toyTask, model, digits(4), { record })) if (done === 3) break;
  const all = scriptedModelCounting();
  await drain(evaluate(toyTask, all.model, digits(4)));
  const rest = scriptedModelCounting();
  const { yielded, returned } = await drain(evaluate(toyTask, rest.model, digits(4), { record }));
  expect(yielded[0]).toMatchObject({ part: "episodes", done: 4 });
  expect(returned).toEqual((await drain(evaluate(toyTask, model, digits(4)))).returned);
  // Of the episodes, those of 0 (one request), 1 and 2 (three each) are not made again.
  expect(rest.asked()).toBe(all.asked() - 7);
});

/** The model, and how often it was asked. */
function scriptedModelCounting() {
  let asked = 0;
  const counting: Model = {
    id: model.id,
    generate(prompt, options) {
      asked++;
      return model.generate(prompt, options);
    },
  };
  return { model: counting, asked: () => asked };
}

function reflectionOf({ prompt }: ScriptedRequest) {
  return spoken(`r${prompt[0]?.content.slice(4)}`);
}

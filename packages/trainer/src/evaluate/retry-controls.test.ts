import { uniformAt } from "@rrr/core";
import { type ScriptedRequest, scriptedModel } from "@rrr/core/testing";
import { describe, expect, test } from "vitest";
import { type Digit, drain, spoken, toyTask } from "../fixtures/toy-task.ts";
import { compareMeasures } from "./compare.ts";
import { evaluate } from "./evaluate.ts";
import { createMemoryRecord } from "./evaluation-record.ts";
import { retryControlsOf } from "./retry-controls.ts";

const items = (count: number): Digit[] => Array.from({ length: count }, (_, digit) => ({ digit }));
const digitOf = ({ last }: ScriptedRequest): number => Number(/say (\d+)$/.exec(last)?.[1]);
const isReflecting = ({ last }: ScriptedRequest): boolean => last === "why?";

test("a retry without a reflection is asked as the retry is", () => {
  const limits = { attempt: 8, reflection: 8 };
  const alike = { temperature: 1, limits };
  expect(retryControlsOf({ ...alike, layout: "conversation" })).toEqual(["blind"]);
  expect(retryControlsOf({ ...alike, layout: "note" })).toEqual(["fresh"]);
  for (const other of [{ retryTemperature: 0 }, { limits: { ...limits, retry: 9 } }]) {
    expect(retryControlsOf({ ...alike, ...other, layout: "conversation" })).toEqual(["blind", "fresh"]);
    expect(retryControlsOf({ ...alike, ...other, layout: "note" })).toEqual(["fresh"]);
  }
  const same = { temperature: 0.7, retryTemperature: 0.7, limits: { ...limits, retry: 8 } };
  expect(retryControlsOf({ ...same, layout: "conversation" })).toEqual(["blind"]);
});

describe("a fresh attempt under the retry's conditions", () => {
  /** What was asked, without the temperature of reflections. */
  async function asked(settings: Parameters<typeof evaluate>[3]) {
    const requests: string[] = [];
    const model = scriptedModel((request) => {
      const { prompt, options, last } = request;
      if (isReflecting(request)) return spoken("because");
      const shown = prompt.length > 1 ? "conversation" : last.includes("<note>") ? "note" : "fresh";
      requests.push(`${shown} at ${options.temperature}, ${options.maxTokens}`);
      return spoken("x");
    });
    const record = createMemoryRecord<Digit>();
    const { returned } = await drain(
      evaluate(toyTask, model, items(1), { greedy: false, ...settings, record }),
    );
    return { requests, returned };
  }
  const limits = { attempt: 5, reflection: 8, retry: 7 };

  test("is a control of its own where a retry is sampled otherwise", async () => {
    const { requests, returned } = await asked({ retryTemperature: 0, limits });
    // Attempt, retry, blind retry, fresh attempt; the rest are independent attempts for the tokens of the episode.
    expect(requests.slice(0, 2)).toEqual(["fresh at 1, 5", "conversation at 0, 7"]);
    expect(requests.filter((each) => each === "fresh at 0, 7")).toHaveLength(1);
    expect(requests.filter((each) => each === "conversation at 0, 7")).toHaveLength(2);
    expect(returned.table.flat()).toMatchObject([{ blind: false, fresh: false, passAt2: false }]);
    expect(returned.asked.retryControls).toEqual(["blind", "fresh"]);
  });

  test("stands for the blind retry in the layout note, and is the second of pass@2 where all else is alike", async () => {
    const other = await asked({ retryLayout: "note", retryTemperature: 0.5, limits });
    expect(other.requests.slice(0, 2)).toEqual(["fresh at 1, 5", "note at 0.5, 7"]);
    expect(other.requests.filter((each) => each === "fresh at 0.5, 7")).toHaveLength(1);
    const alike = await asked({ retryLayout: "note" });
    const usual = await asked({});
    expect(alike.requests).toHaveLength(usual.requests.length - 1);
    for (const { returned } of [other, alike]) {
      expect(returned.table.flat()[0]).toMatchObject({ fresh: false, passAt2: false });
      expect(returned.table.flat()[0]).not.toHaveProperty("blind");
      expect(returned.rates.fresh).toMatchObject({ passed: 0, of: 1, missing: 0 });
    }
    expect(usual.returned.table.flat()[0]).not.toHaveProperty("fresh");
  });

  test("is missing where it errored, and nowhere else", async () => {
    const failing = scriptedModel((request) => {
      if (isReflecting(request)) return spoken("because");
      if (request.options.temperature === 0 && request.prompt.length === 1) throw new Error("503");
      return spoken("x");
    });
    const settings = { greedy: false, retryTemperature: 0 };
    const { returned } = await drain(evaluate(toyTask, failing, items(2), settings));
    expect(returned.rates.fresh).toBeUndefined();
    expect(returned.rates.blind).toMatchObject({ of: 2, missing: 0 });
    expect(returned.errors).toMatchObject([{ where: "blind", count: 2 }]);
  });

  test("greedy decoding has greedy retries, whatever the retry's temperature", async () => {
    const temperatures: number[] = [];
    const model = scriptedModel(({ options }) => {
      temperatures.push(options.temperature);
      return spoken("x");
    });
    await drain(evaluate(toyTask, model, items(1), { controls: false, retryTemperature: 0.5 }));
    expect(temperatures).toEqual([1, 1, 0.5, 0, 0, 0]);
  });

  test("shows that a model which is right when greedy owes nothing to its notes", async () => {
    // As measured of a small model: 20 % right when sampled, 76 % when greedy, 48 % when greedy after a note.
    const model = scriptedModel((request) => {
      const { options, last } = request;
      if (isReflecting(request)) return spoken("I should be more careful.");
      const digit = digitOf(request);
      const isNoted = last.includes("<note>");
      const right = options.temperature > 0 ? 0.2 : isNoted ? 0.48 : 0.76;
      const luck = uniformAt(options.temperature > 0 ? options.seed : digit, isNoted ? 1 : 0);
      return spoken(luck < right ? String(digit) : "x");
    });
    const settings = { retryLayout: "note", retryTemperature: 0, greedy: false } as const;
    const { returned } = await drain(evaluate(toyTask, model, items(400), settings));
    const { first, after, fresh } = returned.rates;
    expect(first?.value).toBeCloseTo(0.2, 1);
    expect(after?.value).toBeGreaterThan(0.5);
    expect(fresh?.value).toBeGreaterThan(0.75);
    // Every control but this one would have called it a gain.
    expect(compareMeasures(returned, "passAt2", "after")).toMatchObject({ p: expect.closeTo(0, 3) });
    const overFresh = compareMeasures(returned, "fresh", "after");
    expect(overFresh?.difference.high).toBeLessThan(0);
  });
});

import { uniformAt } from "@rrr/core";
import { scriptedModel } from "@rrr/core/testing";
import { describe, expect, test } from "vitest";
import { type Digit, drain, spoken, toyTask } from "./fixtures/toy-task.ts";
import { type MinedFailure, type MiningProgress, mine } from "./mine.ts";

const digits = (...all: number[]): Digit[] => all.map((digit) => ({ digit }));
/** Right three times in four, after a while that depends on chance. */
const noisy = scriptedModel(({ last, options }) =>
  spoken(uniformAt(options.seed, 0) < 0.75 ? last.slice(4) : "wrong"),
);

describe("mine", () => {
  test("keeps the first failure of each problem, and stops looking once it has one", async () => {
    const model = scriptedModel(({ last }) => spoken(last === "say 2" ? "2" : "no"));
    const { yielded, returned } = await drain(mine(toyTask, model, digits(1, 2, 3), { attempts: 5 }));
    expect(returned.map(({ item, attempt }) => [item.digit, attempt.completion.text])).toEqual([
      [1, "no"],
      [3, "no"],
    ]);
    expect(yielded.map(({ failure }) => failure?.item.digit)).toEqual([1, undefined, 3]);
    expect(yielded.at(-1)).toMatchObject({
      items: 3,
      mastered: 1,
      failures: 2,
      errored: 0,
      attempts: 7,
      sampledTokens: 9,
      duplicates: 0,
    });
  });

  test("the concurrency changes nothing", async () => {
    const items = Array.from({ length: 200 }, (_, i) => ({ digit: i }));
    const settings = { attempts: 3, limit: 60, seed: 9 };
    const alone = await drain(mine(toyTask, noisy, items, { ...settings, concurrency: 1 }));
    const crowd = await drain(mine(toyTask, noisy, items, { ...settings, concurrency: 64 }));
    expect(crowd).toEqual(alone);
    expect(alone.returned.length).toBe(60);
    const other = await drain(mine(toyTask, noisy, items, { ...settings, seed: 10 }));
    expect(other.returned).not.toEqual(alone.returned);
  });

  test("ends at the limit though the problems are endless", async () => {
    const wrong = scriptedModel(() => "no");
    const endless = function* () {
      for (let digit = 0; ; digit++) yield { digit };
    };
    const { returned } = await drain(mine(toyTask, wrong, endless(), { limit: 12, concurrency: 5 }));
    expect(returned.map(({ item }) => item.digit)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect((await drain(mine(toyTask, wrong, endless(), { limit: 0 }))).returned).toEqual([]);
  });

  test("ends though an endless source repeats itself, or the model masters it", async () => {
    const wrong = scriptedModel(() => "no");
    const cycling = await drain(mine(toyTask, wrong, toyTask.items("train", 0), { limit: 12 }));
    expect(cycling.returned.length).toBe(10);
    expect(cycling.yielded.at(-1)).toMatchObject({ items: 10, duplicates: 10_000 });
    const right = scriptedModel(({ last }) => last.slice(4));
    const endless = function* () {
      for (let digit = 0; ; digit++) yield { digit };
    };
    const mastered = await drain(mine(toyTask, right, endless(), { attempts: 2, maxItems: 7 }));
    expect(mastered.returned).toEqual([]);
    expect(mastered.yielded.at(-1)).toMatchObject({ items: 7, mastered: 7, attempts: 14 });
  });

  test("an abort is heard while a source only repeats itself", async () => {
    const caller = new AbortController();
    let drawn = 0;
    const repeating = function* () {
      for (;;) {
        if (++drawn === 400) setImmediate(() => caller.abort());
        yield { digit: 1 };
      }
    };
    const mining = drain(mine(toyTask, noisy, repeating(), { signal: caller.signal }));
    await expect(mining).rejects.toMatchObject({ code: "aborted" });
    expect(drawn).toBeLessThan(2_000);
  });

  test("an equal problem is not asked twice", async () => {
    const { yielded, returned } = await drain(
      mine(
        toyTask,
        scriptedModel(() => "no"),
        digits(4, 4, 5, 4),
      ),
    );
    expect(returned.length).toBe(2);
    expect(yielded.at(-1)).toMatchObject({ items: 2, duplicates: 2 });
  });

  test("mining that was interrupted goes on behind its problems, and comes to the same failures", async () => {
    const items = Array.from({ length: 60 }, (_, i) => ({ digit: i % 50 }));
    const settings = { attempts: 3, limit: 20, seed: 4 };
    const whole = await drain(mine(toyTask, noisy, items, settings));
    expect(whole.returned.length).toBe(20);
    for (const stop of [1, 7, whole.yielded.length]) {
      const first: MinedFailure<Digit>[] = [];
      let after: MiningProgress<Digit> | undefined;
      for await (const progress of mine(toyTask, noisy, items, settings)) {
        if (progress.failure !== undefined) first.push(progress.failure);
        after = progress;
        if (progress.items === stop) break;
      }
      const { failure: _, duplicates: __, item: ___, ...counts } = after as MiningProgress<Digit>;
      const rest = await drain(mine(toyTask, noisy, items, { ...settings, after: counts }));
      expect([...first, ...rest.returned]).toEqual(whole.returned);
      expect((rest.yielded.at(-1) ?? after)?.attempts).toBe(whole.yielded.at(-1)?.attempts);
    }
  });

  test("problems go through the task's schema", async () => {
    const validate = (value: unknown) => ({ value: { digit: (value as Digit).digit + 1 } });
    const shifting = {
      ...toyTask,
      schema: { "~standard": { version: 1, vendor: "test", validate } },
    } as const;
    const { returned } = await drain(
      mine(
        shifting,
        scriptedModel(() => "no"),
        digits(1),
      ),
    );
    expect(returned.map(({ item }) => item)).toEqual([{ digit: 2 }]);
  });

  test("an attempt that cannot be checked is no failure: it is counted, and the next one is tried", async () => {
    let asked = 0;
    const model = scriptedModel(() => (asked++ === 0 ? "broken" : "no"));
    const { yielded, returned } = await drain(mine(toyTask, model, digits(1), { attempts: 3 }));
    expect(returned.length).toBe(1);
    expect(yielded.at(-1)).toMatchObject({ failures: 1, errored: 1, attempts: 2 });
    const broken = scriptedModel(() => "broken");
    const nothing = await drain(mine(toyTask, broken, digits(1), { attempts: 3 }));
    expect(nothing.returned).toEqual([]);
    expect(nothing.yielded.at(-1)).toMatchObject({ failures: 0, errored: 3, mastered: 0 });
  });

  test("an abort ends it", async () => {
    const signal = AbortSignal.abort();
    await expect(drain(mine(toyTask, noisy, digits(1), { signal }))).rejects.toMatchObject({
      code: "aborted",
    });
  });
});

import { type FailedAttempt, type Message, RrrError } from "@rrr/core";
import { describe, expect, test } from "vitest";
import { microEngine } from "../../test/micro-engine.ts";
import { loadCheckpoint, newestCheckpoint, saveCheckpoint } from "../checkpoint.ts";
import type { Datum, Engine } from "../engine.ts";
import { chanceTask } from "../fixtures/chance-task.ts";
import { temporaryDir } from "../fixtures/temporary-dir.ts";
import { type Digit, drain } from "../fixtures/toy-task.ts";
import { mine } from "../mine.ts";
import { createPolicy } from "../policy.ts";
import type { StepReport } from "./step-report.ts";
import { train } from "./train.ts";
import type { TrainSettings } from "./train-settings.ts";

const settings = { steps: 4, failuresPerStep: 4, groupSize: 4, seed: 2 } satisfies Partial<TrainSettings>;

async function failuresOf(engine: Engine): Promise<readonly FailedAttempt<Digit>[]> {
  const items = Array.from({ length: 10 }, (_, digit) => ({ digit }));
  return (await drain(mine(chanceTask, createPolicy(engine), items, { limit: 8 }))).returned;
}

const timeless = (reports: readonly StepReport[]) => reports.map(({ seconds: _, ...report }) => report);

describe("train", () => {
  test("the same seed gives the same steps and weights, another seed others", async () => {
    const run = async (seed: number) => {
      const engine = await microEngine();
      const { yielded } = await drain(
        train(chanceTask, engine, await failuresOf(engine), { ...settings, seed }),
      );
      return { reports: timeless(yielded), hash: await engine.weightsVersion() };
    };
    const first = await run(2);
    expect(first.reports.map(({ step, steps }) => `${step}/${steps}`)).toEqual(["1/4", "2/4", "3/4", "4/4"]);
    expect(first.reports.some(({ update }) => update !== undefined)).toBe(true);
    expect(await run(2)).toEqual(first);
    expect((await run(3)).hash).not.toBe(first.hash);
  });

  test("a resumed run goes on as if it had never stopped", async () => {
    const root = await temporaryDir();
    const straight = await microEngine();
    const failures = await failuresOf(straight);
    const { yielded: whole } = await drain(train(chanceTask, straight, failures, settings));

    const stopped = await microEngine();
    for await (const { step } of train(chanceTask, stopped, failures, settings)) {
      if (step < 2) continue;
      await saveCheckpoint(root, stopped, step);
      break;
    }
    const resumed = await microEngine();
    const checkpoint = await newestCheckpoint(root);
    if (checkpoint === undefined) throw new Error("there is no checkpoint");
    await loadCheckpoint(resumed, checkpoint);
    const { yielded: rest } = await drain(
      train(chanceTask, resumed, failures, { ...settings, firstStep: checkpoint.step }),
    );
    expect(timeless(rest)).toEqual(timeless(whole.slice(2)));
    expect(await resumed.weightsVersion()).toBe(await straight.weightsVersion());
  });

  test("only sampled reflections reach the engine's gradient, each in its own conversation", async () => {
    const engine = await microEngine();
    const trained: Datum[] = [];
    const watched: Engine = {
      ...engine,
      forwardBackward(data, loss) {
        trained.push(...data);
        return engine.forwardBackward(data, loss);
      },
    };
    const failures = await failuresOf(engine);
    const { yielded } = await drain(train(chanceTask, watched, failures, settings));
    const expected = yielded.flatMap(({ groups }) =>
      groups.flatMap(({ failure, episodes_G, advantages_G }) =>
        episodes_G.flatMap((episode, g) => {
          const advantage = advantages_G[g];
          if (episode.kind !== "reflected" || advantage === undefined) return [];
          const request: readonly Message[] = [
            ...failure.attempt.prompt,
            { role: "assistant", content: failure.attempt.completion.text },
            { role: "user", content: "why?" },
          ];
          const tokens = episode.reflection.completion.tokens;
          return [
            {
              prompt: engine.tokenizer.encodeChat(request),
              targets: tokens?.ids,
              logprobs: tokens?.logprobs,
              weights: new Float32Array(tokens?.ids.length ?? 0).fill(advantage),
            },
          ];
        }),
      ),
    );
    expect(trained.length).toBeGreaterThan(8);
    expect(trained).toEqual(expected);
  });

  test("retries have their own layout and temperature; only reflections are sampled at 1", async () => {
    const engine = await microEngine();
    const temperatures: number[] = [];
    const watched: Engine = {
      ...engine,
      sample(prompt, options) {
        temperatures.push(options.temperature);
        return engine.sample(prompt, options);
      },
    };
    const failures = await failuresOf(engine);
    const retries = { retryLayout: "note", retryTemperature: 0 } as const;
    const { yielded } = await drain(
      train(chanceTask, watched, failures, { ...settings, steps: 1, ...retries }),
    );
    // A request for each group's reflections, and one for each retry.
    expect(temperatures.filter((each) => each === 1)).toHaveLength(4);
    expect(temperatures.filter((each) => each === 0)).toHaveLength(16);
    for (const { failure, episodes_G } of yielded[0]?.groups ?? [])
      for (const episode of episodes_G) {
        if (episode.kind !== "reflected") throw new Error(episode.kind);
        const { retry } = episode.reflection;
        expect(retry.prompt).toHaveLength(failure.attempt.prompt.length);
        expect(retry.prompt.at(-1)?.content).toContain("<note>");
      }
  });

  test("groups with equal rewards are dropped and counted; without any other the weights stay", async () => {
    const engine = await microEngine();
    const before = await engine.weightsVersion();
    const never = { ...chanceTask, verify: () => ({ kind: "fail", code: "no" }) as const };
    const { yielded } = await drain(
      train(never, engine, await failuresOf(engine), { ...settings, steps: 2 }),
    );
    for (const report of yielded)
      expect(report).toMatchObject({ passRate: 0, kept: 0, dropped: 4, update: undefined });
    expect(await engine.weightsVersion()).toBe(before);
  });

  test("errored episodes are counted; a step of nothing else ends the run", async () => {
    const engine = await microEngine();
    const failures = await failuresOf(engine);
    const sometimes = {
      ...chanceTask,
      verify(item: Digit, completion: string, context: { signal: AbortSignal }) {
        if (completion.length % 3 === 0) throw new Error("broken");
        return chanceTask.verify(item, completion, context);
      },
    };
    const { yielded } = await drain(train(sometimes, engine, failures, { ...settings, steps: 2 }));
    for (const { errored, groups } of yielded) {
      const all = groups.flatMap(({ episodes_G }) => episodes_G.map(({ kind }) => kind));
      expect(errored).toBe(all.filter((kind) => kind === "errored").length);
      expect(errored).toBeGreaterThan(0);
    }
    const broken = {
      ...chanceTask,
      verify() {
        throw new Error("broken");
      },
    };
    const run = drain(train(broken, engine, failures, settings));
    await expect(run).rejects.toThrow(/every episode of a step errored, first: .*broken/);
  });

  test("a custom reward is learned from; the report's pass rate stays the share that passed", async () => {
    const run = async (own: Partial<TrainSettings<Digit>>) => {
      const engine = await microEngine();
      const { yielded } = await drain(
        train(chanceTask, engine, await failuresOf(engine), { ...settings, ...own }),
      );
      return { reports: timeless(yielded), hash: await engine.weightsVersion() };
    };
    const passed: TrainSettings<Digit>["reward"] = ({ reflection: { retry } }) =>
      retry.verdict.kind === "pass" ? 1 : 0;
    const usual = await run({});
    expect(await run({ reward: passed })).toEqual(usual);
    const reversed = await run({ reward: (episode) => -(passed(episode) ?? 0) });
    expect(reversed.hash).not.toBe(usual.hash);
    expect(reversed.reports[0]?.passRate).toBe(usual.reports[0]?.passRate);
    const failing = run({
      reward: () => {
        throw new TypeError("mine");
      },
    });
    await expect(failing).rejects.toThrow(TypeError);
  });

  test.each([
    ["no steps", { steps: 0 }, "steps is 0"],
    ["half a failure", { failuresPerStep: 0.5 }, "failuresPerStep is 0.5"],
    ["a group of one", { groupSize: 1 }, "groupSize is 1"],
    ["no updates", { updates: 0 }, "updates is 0"],
    ["KL without a reference", { klCoefficient: 0.1 }, "there is no reference"],
    ["a negative bound", { clipLow: -0.1 }, "clipLow is -0.1"],
    ["no number", { clipHigh: Number.NaN }, "clipHigh is NaN"],
    ["a reward of another name", { reward: "retires" as "retry" }, 'reward is "retires"'],
    ["an endless norm", { maxGradNorm: Number.POSITIVE_INFINITY }, "maxGradNorm is Infinity"],
    [
      "a learning rate that unlearns",
      { schedule: { learningRate: -1, warmup: 0, decay: "constant" } },
      "schedule.learningRate is -1",
    ],
  ] as const)("refuses %s", async (_, wrong, message) => {
    const engine = await microEngine();
    const run = train(chanceTask, engine, await failuresOf(engine), wrong);
    await expect(run.next()).rejects.toMatchObject({
      code: "bad-argument",
      message: expect.stringContaining(message),
    });
  });

  test("refuses itself as the reference", async () => {
    const engine = await microEngine();
    const chosen = { klCoefficient: 0.1, reference: engine };
    const run = train(chanceTask, engine, await failuresOf(engine), chosen);
    await expect(run.next()).rejects.toThrow("the reference is the engine that is trained");
  });

  test("refuses to learn from nothing, and stops when it is aborted", async () => {
    const engine = await microEngine();
    await expect(train(chanceTask, engine, []).next()).rejects.toMatchObject({ code: "no-failures" });
    const signal = AbortSignal.abort(new RrrError("aborted", "enough"));
    const run = train(chanceTask, engine, await failuresOf(engine), { ...settings, signal });
    await expect(run.next()).rejects.toMatchObject({ code: "aborted" });
  });
});

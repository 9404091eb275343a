import { join } from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { type Attempt, attemptPrompt, type Episode, fail, pass, RrrError, take } from "@rrr/core";
import { scriptedModel } from "@rrr/core/testing";
import { type CountdownItem, countdown } from "@rrr/task-countdown";
import { DEFAULT_EVALUATION_SETTINGS, evaluate, resultOf } from "@rrr/trainer";
import Database from "libsql";
import { expect, test } from "vitest";
import { project } from "../../../plugins/test/plugin-files.ts";
import { runHeader } from "../../test/run-header.ts";
import { createRunStore, type RunStore } from "./run-store.ts";

const header = runHeader("countdown");
const task = countdown({ preset: "small" });
const settings = { ...DEFAULT_EVALUATION_SETTINGS, samples: 2, rounds: 2 };

/** Right at random, by the seed that it is given; says how much it took. */
const model = scriptedModel(({ prompt, options, index }) => {
  const isRight = (options.seed + index) % 5 < 2;
  const asked = prompt.at(-1)?.content ?? "";
  const text = isRight ? `${asked.length} <answer>1</answer>` : "<answer>2</answer>";
  return { text, finish: "stop", usage: { prompt: asked.length, completion: text.length } };
});
const lucky = {
  ...task,
  verify: (_: unknown, completion: string) => (completion.includes(">1<") ? pass() : fail("no")),
};

async function evaluateInto(
  store: RunStore,
  problems: number,
  most = Number.POSITIVE_INFINITY,
): Promise<number> {
  const items = await take(lucky.items("test", 0), problems);
  const record = store.record<CountdownItem>("evaluate");
  let added = 0;
  for await (const _ of evaluate(lucky, model, items, { ...settings, record })) if (++added >= most) break;
  record.flush();
  return added;
}

test("an evaluation in pieces comes to what it comes to in one, and in memory", async () => {
  const items = await take(lucky.items("test", 0), 30);
  const whole = await resultOf(evaluate(lucky, model, items, settings));
  const folder = project({});
  const store = createRunStore(folder, header);
  const pieces: number[] = [];
  do pieces.push(await evaluateInto(store, 30, 37));
  while (pieces.at(-1) === 37);
  // 30 problems of two samples, their controls, and one greedy sample of each.
  expect(pieces).toEqual([37, 37, 37, 37, 2]);
  const record = store.record("evaluate");
  expect(record.outcomes(30)).toEqual(whole.table);
  expect(record.tally()).toMatchObject({ episodes: 60, controls: 60, greedy: 30 });
  const { attempt, reflection } = whole.answers;
  expect(record.answers()).toMatchObject({
    attempt: { ...attempt, tokens: expect.closeTo(attempt?.tokens ?? 0, 6) },
    reflection: { ...reflection, tokens: expect.closeTo(reflection?.tokens ?? 0, 6) },
  });
  store.end("finished");
  store.close();
  const db = new Database(join(folder, "run.db"), { readonly: true });
  const roles = db.prepare("SELECT role, count(*) AS n FROM turn GROUP BY role ORDER BY role").all();
  expect((roles as { role: string }[]).map(({ role }) => role)).toEqual([
    "attempt",
    "blind",
    "donor",
    "independent",
    "reflection",
    "retry",
  ]);
  db.close();
});

test("an episode is read back as it was: every round, every prompt", async () => {
  const [item] = await take(lucky.items("test", 0), 1);
  const prompt = attemptPrompt(task, item as never);
  const said = (text: string) => ({ text, finish: "stop", usage: { prompt: 3, completion: 4 } }) as const;
  const attempt: Attempt = { prompt, completion: said("first"), verdict: fail("no-answer", "none") };
  const request = {
    role: "user",
    content: task.reflect({ item: item as never, prompt, completion: "first" }),
  } as const;
  const asked = [...prompt, { role: "assistant", content: "first" } as const, request];
  const again = [
    ...asked,
    { role: "assistant", content: "hm" } as const,
    prompt.at(-1) as (typeof prompt)[number],
  ];
  const retry: Attempt = {
    prompt: again,
    completion: { ...said("second"), reasoning: "long" },
    verdict: fail("no"),
  };
  const store = createRunStore(project({}), header);
  const record = store.record("evaluate");
  const later = [
    {
      prompt: [...again, { role: "assistant", content: "second" } as const, request],
      completion: said("hm!"),
      retry: {
        prompt: [
          ...again,
          { role: "assistant", content: "second" } as const,
          request,
          { role: "assistant", content: "hm!" } as const,
          prompt.at(-1) as (typeof prompt)[number],
        ],
        completion: said("third"),
        verdict: pass(),
      },
    },
  ];
  const reflection = { prompt: asked, completion: said("hm"), retry };
  const episode: Episode = { kind: "reflected", item, attempt, reflection, later };
  const unit = { problem: 5, sample: 1 };
  record.add({ ...unit, part: "episodes", episode, outcomes: { first: false }, seconds: 1 });
  expect(record.episode(unit, item)).toEqual(episode);
  const broken: Episode = {
    kind: "errored",
    item,
    error: new RrrError("model-failed", "gone"),
    turn: "retry",
  };
  record.add({ problem: 6, sample: 0, part: "episodes", episode: broken, outcomes: {}, seconds: 1 });
  expect(record.episode({ problem: 6, sample: 0 }, item)).toMatchObject({
    kind: "errored",
    turn: "retry",
    error: { code: "model-failed" },
  });
  store.forgetErrored();
  expect(store.record("evaluate").has("episodes", { problem: 6, sample: 0 })).toBe(false);
  store.close();
});

test("what nothing follows is written soon, and what cannot be written is said", async () => {
  const folder = project({});
  const store = createRunStore(folder, header);
  const record = store.record("evaluate");
  const [item] = await take(task.items("test", 0), 1);
  const attempt = { prompt: [], completion: { text: "", finish: "stop" }, verdict: pass() } as const;
  const add = (problem: number) =>
    record.add({
      problem,
      sample: 0,
      part: "episodes",
      episode: { kind: "solved", item, attempt },
      outcomes: { first: true },
      seconds: 1,
    });
  add(0);
  await after(400);
  const db = new Database(join(folder, "run.db"));
  expect(db.prepare("SELECT count(*) AS n FROM episode").get()).toMatchObject({ n: 1 });
  db.exec("DROP TABLE turn");
  db.close();
  add(1);
  expect(() => record.flush()).toThrow(expect.objectContaining({ code: "bad-run" }));
  store.close();
});

test("a reflection that was only thought is counted, and is nobody's donor", async () => {
  const store = createRunStore(project({}), header);
  const record = store.record("evaluate");
  const prompt = [{ role: "user", content: "say" }] as const;
  const said = (text: string, reasoning?: string) =>
    ({ text, finish: "length", ...(reasoning === undefined ? {} : { reasoning }) }) as const;
  const attempt: Attempt = { prompt, completion: said("no"), verdict: fail("no") };
  const reflections = [
    said("first"),
    said("", "<think>second"),
    said("\n", "a server's"),
    said("", undefined),
  ];
  reflections.forEach((completion, problem) => {
    const episode: Episode = {
      ...{ kind: "reflected", item: problem, attempt },
      reflection: { prompt, completion, retry: attempt },
    };
    record.add({ part: "episodes", problem, sample: 0, episode, outcomes: { first: false }, seconds: 1 });
  });
  expect([0, 1, 2, 3].map((problem) => record.donor({ problem, sample: 0 }))).toEqual(["", "", "", "first"]);
  expect(record.answers().reflection).toMatchObject({ answers: 4, onlyThought: 2 });
  expect(record.answers().attempt).not.toHaveProperty("onlyThought");
});

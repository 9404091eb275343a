import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { builtinModelDir } from "@rrr/builtin-model";
import type { Message } from "@rrr/core";
import { type CountdownItem, countdown, splitOf, verifyCountdown } from "@rrr/task-countdown";
import { createOnnxEngine, type Datum, pretrain, readModelDir } from "@rrr/trainer";
import { describe, expect, test } from "vitest";
import { createRecipe, optimisation } from "./recipe.ts";
import { buildTokenizer, special } from "./tokenizer.ts";

const recipe = await createRecipe(0);
const { tokenizer } = recipe.model;
const task = countdown();
const item: CountdownItem = { numbers: [3, 10, 12], target: 42 };

interface Turn extends Message {
  readonly learnt: boolean;
}

/** A transcript's tokens, read as the turns that they stand for. */
function turnsOf({ prompt, targets, advantages }: Datum): readonly Turn[] {
  const roles = new Map(special.slice(1).map((marker) => [tokenizer.encode(marker)[0], marker.slice(2, -2)]));
  const turns: { role: string; ids: number[]; learnt: boolean }[] = [];
  [...prompt, ...targets].forEach((id, i) => {
    const role = roles.get(id);
    if (role !== undefined) turns.push({ role, ids: [], learnt: false });
    else turns.at(-1)?.ids.push(id);
    if (i >= prompt.length && advantages[i - prompt.length] === 1) {
      const turn = turns.at(-1);
      if (turn !== undefined) turn.learnt = true;
    }
  });
  return turns.map(({ role, ids, learnt }) => ({
    role: role as Message["role"],
    content: tokenizer.decode(Int32Array.from(ids)),
    learnt,
  }));
}

function problemOf(turns: readonly Turn[]): CountdownItem {
  const asked = turns.find(({ role }) => role === "user")?.content ?? "";
  const [, numbers = "", target] = /\[(.+?)\].*? equals (\d+)/.exec(asked) ?? [];
  return { numbers: numbers.split(", ").map(Number), target: Number(target) };
}

const transcripts = (count: number) => Array.from({ length: count }, (_, i) => recipe.transcript(i));

describe("the tokenizer", () => {
  test("is the one that the shipped model has", () => {
    const dir = builtinModelDir("countdown");
    for (const [name, text] of buildTokenizer().files) {
      expect(readFileSync(join(dir, name), "utf8")).toBe(text);
    }
  });

  test("reads a Countdown prompt as twelve tokens, and the request for a reflection as one", () => {
    const prompt = task.prompt(item);
    expect(tokenizer.encodeChat(prompt).length).toBe(12);
    expect(tokenizer.encode(task.reflect({ item, prompt, completion: "" })).length).toBe(1);
  });
});

describe("the corpus", () => {
  test("has the very tokens that the chat template gives for the same conversation", () => {
    const opening = tokenizer.encode("<|assistant|>");
    for (const datum of transcripts(200)) {
      const messages = turnsOf(datum).map(({ role, content }) => ({ role, content }));
      const whole = [...datum.prompt, ...datum.targets, ...opening];
      expect([...tokenizer.encodeChat(messages)]).toEqual(whole);
    }
  });

  test("holds training problems only, and each answer that it calls right is right", () => {
    let claims = 0;
    let learntTurns = 0;
    for (const datum of transcripts(1_000)) {
      const turns = turnsOf(datum);
      const problem = problemOf(turns);
      expect(splitOf(problem)).toBe("train");
      expect(turns.at(-1)).toMatchObject({ role: "assistant", learnt: true });
      for (const { role, content } of turns.filter(({ learnt }) => learnt)) {
        learntTurns++;
        expect(role).toBe("assistant");
        for (const [, candidate, value] of content.matchAll(/: ([^:=]+)=(\d+) yes/g)) {
          claims++;
          expect(Number(value)).toBe(problem.target);
          expect(verifyCountdown(problem, `<answer>${candidate}</answer>`)).toEqual({ kind: "pass" });
        }
      }
    }
    expect(learntTurns).toBeGreaterThan(1_000);
    expect(claims).toBeGreaterThan(200);
  });
});

test("pre-training is deterministic", async () => {
  const run = async (seed: number) => {
    const { model, batch } = await createRecipe(seed);
    const engine = await createOnnxEngine(model, { threads: 1 });
    const untrained = await engine.weightsHash();
    const few = (step: number) => batch(step).slice(0, 4);
    for await (const { loss } of pretrain(engine, few, { steps: 3, ...optimisation })) {
      expect(loss).toBeGreaterThan(0);
    }
    const trained = await engine.weightsHash();
    await engine.close();
    return { untrained, trained };
  };
  const first = await run(1);
  expect(first.trained).not.toBe(first.untrained);
  expect(await run(1)).toEqual(first);
  expect((await run(2)).trained).not.toBe(first.trained);
});

test("the shipped model loads, is of this recipe, and is small", async () => {
  const dir = builtinModelDir("countdown");
  const shipped = await readModelDir(dir);
  expect(shipped.config).toEqual(recipe.model.config);
  const bytes = readdirSync(dir).reduce((sum, name) => sum + statSync(join(dir, name)).size, 0);
  expect(bytes).toBeLessThan(10_000_000);
});

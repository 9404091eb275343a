import { type CountdownItem, countdown, splitOf, verifyCountdown } from "@rrr/task-countdown";
import { expect, test } from "vitest";
import { type LearntTurn, turnsOf } from "../fixtures/turns-of.ts";
import { createRecipe } from "../recipe.ts";

const { model, transcript } = await createRecipe("countdown", 0);
const { tokenizer } = model;
const task = countdown();
const item: CountdownItem = { numbers: [3, 10, 12], target: 42 };

function problemOf(turns: readonly LearntTurn[]): CountdownItem {
  const asked = turns.find(({ role }) => role === "user")?.content ?? "";
  const [, numbers = "", target] = /\[(.+?)\].*? equals (\d+)/.exec(asked) ?? [];
  return { numbers: numbers.split(", ").map(Number), target: Number(target) };
}

test("a prompt is twelve tokens, and the request for a reflection is one", () => {
  const prompt = task.prompt(item);
  expect(tokenizer.encodeChat(prompt).length).toBe(12);
  expect(tokenizer.encode(task.reflect({ item, prompt, completion: "" })).length).toBe(1);
});

test("the corpus holds training problems only, and each answer that it calls right is right", () => {
  let claims = 0;
  let learntTurns = 0;
  for (let index = 0; index < 1_000; index++) {
    const turns = turnsOf(tokenizer, transcript(index));
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

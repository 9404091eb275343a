import { assertModelConforms } from "@rrr/core/testing";
import { expect, test } from "vitest";
import { microEngine } from "../test/micro-engine.ts";
import { createPolicy } from "./policy.ts";

test("an engine as a model keeps the model's contract", async () => {
  await assertModelConforms(createPolicy(await microEngine()));
});

test("keeps the tokens that were fed and sampled; the text is theirs", async () => {
  const engine = await microEngine();
  const messages = [{ role: "user", content: "say 7" }] as const;
  const options = { n: 20, maxTokens: 30, temperature: 1, seed: 4 };
  const completions = await createPolicy(engine).generate(messages, options);
  const prompt = engine.tokenizer.encodeChat(messages);
  const sampled = await engine.sample(prompt, options);
  expect(completions.map(({ tokens }) => tokens)).toEqual(
    sampled.map(({ tokens, logprobs }) => ({ prompt, ids: tokens, logprobs })),
  );
  for (const { text, finish, tokens } of completions) {
    const ids = tokens?.ids ?? new Int32Array();
    expect(text).toBe(engine.tokenizer.decode(ids));
    expect(finish === "stop").toBe(engine.tokenizer.stopIds.includes(ids.at(-1) ?? -1));
  }
  expect(new Set(completions.map(({ finish }) => finish))).toEqual(new Set(["stop", "length"]));
});

test("a completion ends where the context does; a prompt that fills it is refused", async () => {
  const policy = createPolicy(await microEngine());
  const ask = (length: number) =>
    policy.generate([{ role: "user", content: "a".repeat(length) }], {
      maxTokens: 50,
      temperature: 1,
      seed: 0,
    });
  // The template adds 8 tokens to the content; the context holds 128.
  const [completion] = await ask(117);
  expect(completion?.tokens?.prompt.length).toBe(125);
  expect(completion?.tokens?.ids.length).toBeLessThanOrEqual(3);
  await expect(ask(120)).rejects.toMatchObject({ code: "context-overflow" });
});

test("hundreds of requests may listen to one signal without a warning", async () => {
  const policy = createPolicy(await microEngine());
  const warnings: Error[] = [];
  const note = (warning: Error) => warnings.push(warning);
  process.on("warning", note);
  const { signal } = new AbortController();
  const ask = (seed: number) =>
    policy.generate([{ role: "user", content: "say 7" }], { maxTokens: 2, temperature: 1, seed, signal });
  await Promise.all(Array.from({ length: 200 }, (_, seed) => ask(seed)));
  await new Promise((resolve) => setImmediate(resolve));
  process.off("warning", note);
  expect(warnings).toEqual([]);
});

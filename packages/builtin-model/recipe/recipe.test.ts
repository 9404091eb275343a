import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { builtinModelDir } from "@rrr/builtin-model";
import { createOnnxEngine } from "@rrr/engine-onnx";
import { pretrain, readModelDir } from "@rrr/trainer";
import { describe, expect, test } from "vitest";
import { turnsOf } from "./fixtures/turns-of.ts";
import { createRecipe, optimisation, type RecipeName } from "./recipe.ts";

const names: readonly RecipeName[] = ["countdown", "function-calling"];

describe.each(names)("%s", (name) => {
  const dir = builtinModelDir(name);

  test("the shipped model has this recipe's tokenizer and shape, and is small", async () => {
    const { model } = await createRecipe(name, 0);
    const shipped = await readModelDir(dir);
    expect(shipped.config).toEqual(model.config);
    for (const [file, text] of model.files) expect(readFileSync(join(dir, file), "utf8")).toBe(text);
    const bytes = readdirSync(dir).reduce((sum, file) => sum + statSync(join(dir, file)).size, 0);
    expect(bytes).toBeLessThan(10_000_000);
  });

  test("Hugging Face's tokenizers number its tokens the same", async () => {
    const { model } = await createRecipe(name, 0);
    const { added_tokens, model: bpe } = JSON.parse(model.files.get("tokenizer.json") as string);
    // They take an added token's id from the vocabulary; one that is not there gets a new id, whatever its own says.
    for (const { content, id } of added_tokens) expect(bpe.vocab[content]).toBe(id);
    expect(Object.values(bpe.vocab).sort((a, b) => Number(a) - Number(b))).toEqual([
      ...Array(model.config.vocabSize).keys(),
    ]);
  });

  test("transcripts have the very tokens that the chat template gives for the same conversation", async () => {
    const { model, transcript } = await createRecipe(name, 0);
    const { tokenizer } = model;
    const opening = tokenizer.encode("<|assistant|>");
    for (let index = 0; index < 200; index++) {
      const datum = transcript(index);
      // The functions on offer stand in the system turn's text.
      const messages = turnsOf(tokenizer, datum).map(({ role, content }) => ({ role, content }));
      const whole = [...datum.prompt, ...datum.targets, ...opening];
      expect([...tokenizer.encodeChat(messages)]).toEqual(whole);
    }
  });

  test("pre-training is deterministic", async () => {
    const run = async (seed: number) => {
      const { model, batch } = await createRecipe(name, seed);
      const engine = await createOnnxEngine(model, { threads: 1 });
      const untrained = await engine.weightsVersion();
      const few = (step: number) => batch(step).slice(0, 4);
      for await (const { loss } of pretrain(engine, few, { steps: 3, ...optimisation })) {
        expect(loss).toBeGreaterThan(0);
      }
      const trained = await engine.weightsVersion();
      await engine.close();
      return { untrained, trained };
    };
    const first = await run(1);
    expect(first.trained).not.toBe(first.untrained);
    expect(await run(1)).toEqual(first);
    expect((await run(2)).trained).not.toBe(first.trained);
  });
});

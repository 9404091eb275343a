import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DecoderConfig } from "@rrr/trainer";
import { initWeights, loadTokenizer, toModelFiles, type Weights } from "@rrr/trainer";
import { MICRO_CONFIG, microModel, microTextFiles } from "@rrr/trainer/testing";
import ort from "onnxruntime-node";
import { afterAll, expect, test } from "vitest";
import { referenceLogprobs } from "../decoder/reference-decoder.ts";
import { exportOnnx } from "./export-onnx.ts";
import { openDecoder } from "./open-decoder.ts";

const folder = mkdtempSync(join(tmpdir(), "rrr-export-"));
afterAll(() => rmSync(folder, { recursive: true }));

const untied: DecoderConfig = {
  ...MICRO_CONFIG,
  numHeads: 4,
  numKvHeads: 2,
  tieWordEmbeddings: false,
};

/** Weights of an ordinary size: those of a new model are so small that everything is likely. */
function weightsOf(config: DecoderConfig): Weights {
  const weights = initWeights(config, 3);
  return new Map(
    [...weights].map(([name, { shape, data }]) => [name, { shape, data: data.map((w) => 5 * w) }]),
  );
}

type Feeds = Record<string, ort.Tensor>;

/** Runs tokens `[rows][count]` after a cache of `past` positions. */
async function run(
  session: ort.InferenceSession,
  config: DecoderConfig,
  tokens: readonly (readonly number[])[],
  mask: readonly (readonly number[])[],
  cache: Feeds | undefined,
  keep: number,
): Promise<{ readonly logprobs: (row: number, token: number) => number[]; readonly cache: Feeds }> {
  const rows = tokens.length;
  const count = tokens[0]?.length ?? 0;
  const total = mask[0]?.length ?? 0;
  const whole = (values: readonly number[], shape: readonly number[]) =>
    new ort.Tensor("int64", BigInt64Array.from(values, BigInt), shape);
  const positions = mask.flatMap((row) =>
    row.map((_, i) => Math.max(0, row.slice(0, i).filter(Boolean).length)).slice(-count),
  );
  const feeds: Feeds = {
    input_ids: whole(tokens.flat(), [rows, count]),
    attention_mask: whole(mask.flat(), [rows, total]),
    position_ids: whole(positions, [rows, count]),
    num_logits_to_keep: whole([keep], []),
  };
  for (let layer = 0; layer < config.numLayers; layer++) {
    for (const kind of ["key", "value"]) {
      const empty = new ort.Tensor("float32", new Float32Array(0), [
        rows,
        config.numKvHeads,
        0,
        config.headDim,
      ]);
      feeds[`past_key_values.${layer}.${kind}`] = cache?.[`present.${layer}.${kind}`] ?? empty;
    }
  }
  const results = await session.run(feeds);
  const { data, dims } = results.logits as ort.Tensor;
  expect(dims).toEqual([rows, keep === 0 ? count : keep, config.vocabSize]);
  const kept = dims[1] as number;
  return {
    cache: results as Feeds,
    logprobs: (row, token) => {
      const start = (row * kept + token) * config.vocabSize;
      const scores = [...(data as Float32Array).subarray(start, start + config.vocabSize)];
      const top = Math.max(...scores);
      const sum = scores.reduce((total, score) => total + Math.exp(score - top), 0);
      return scores.map((score) => score - top - Math.log(sum));
    },
  };
}

test.each([
  ["tied, one key head", MICRO_CONFIG],
  ["untied, two key heads for four", untied],
])("%s: any batch, length and cache gives what the definition gives", async (_, config) => {
  const weights = weightsOf(config);
  const session = await ort.InferenceSession.create(openDecoder(config, weights), { intraOpNumThreads: 1 });
  const long = [7, 8, 30, 11, 9, 40, 12];
  const short = [20, 6, 33];
  const expected = [referenceLogprobs(config, weights, long), referenceLogprobs(config, weights, short)];
  const close = (actual: readonly number[], row: number, token: number): void => {
    const wanted = expected[row]?.[token] ?? [];
    expect(Math.max(...actual.map((value, i) => Math.abs(value - (wanted[i] as number))))).toBeLessThan(1e-4);
  };

  // A prompt alone, all of its logits.
  const alone = await run(session, config, [short], [[1, 1, 1]], undefined, 0);
  for (let token = 0; token < 3; token++) close(alone.logprobs(0, token), 1, token);

  // Two, the shorter one padded on the left, in two goes; then the last token of each.
  const padded = [long, [0, 0, 0, 0, ...short]];
  const real = [
    [1, 1, 1, 1, 1, 1, 1],
    [0, 0, 0, 0, 1, 1, 1],
  ];
  const part = (rows: readonly (readonly number[])[], start: number, end: number) =>
    rows.map((row) => row.slice(start, end));
  const first = await run(session, config, part(padded, 0, 5), part(real, 0, 5), undefined, 1);
  close(first.logprobs(0, 0), 0, 4);
  close(first.logprobs(1, 0), 1, 0);
  const second = await run(session, config, part(padded, 5, 6), part(real, 0, 6), first.cache, 1);
  close(second.logprobs(0, 0), 0, 5);
  close(second.logprobs(1, 0), 1, 1);
  const third = await run(session, config, part(padded, 6, 7), part(real, 0, 7), second.cache, 0);
  close(third.logprobs(0, 0), 0, 6);
  close(third.logprobs(1, 0), 1, 2);
  await session.release();
});

test("the folder has what transformers.js reads, and nothing is overwritten", async () => {
  const dir = join(folder, "micro");
  const model = microModel();
  await exportOnnx(model, dir);
  expect(readdirSync(dir, { recursive: true }).sort()).toEqual([
    "config.json",
    "generation_config.json",
    "onnx",
    "onnx/model.onnx",
    "tokenizer.json",
    "tokenizer_config.json",
  ]);
  const read = (name: string) => JSON.parse(readFileSync(join(dir, name), "utf8"));
  expect(read("config.json")).toMatchObject({
    ...JSON.parse(microTextFiles().get("config.json") as string),
    "transformers.js_config": { dtype: "fp32" },
  });
  expect(read("generation_config.json")).toEqual({ eos_token_id: [2] });
  const prompt = [{ role: "user", content: "abc" }] as const;
  expect((await loadTokenizer(dir)).encodeChat(prompt)).toEqual(model.tokenizer.encodeChat(prompt));
  await expect(exportOnnx(model, dir)).rejects.toMatchObject({ code: "bad-argument" });
});

test("a chat template of its own file stands where transformers.js looks for it", async () => {
  const dir = join(folder, "template");
  const { config, weights, files } = microModel();
  const template = "{% for message in messages %}{{ message.content }}!{% endfor %}";
  const own = new Map([...files, ["chat_template.jinja", template] as const]);
  await exportOnnx(toModelFiles(config, weights, own), dir);
  const written = JSON.parse(readFileSync(join(dir, "tokenizer_config.json"), "utf8"));
  expect(written).toMatchObject({ eos_token: "<|im_end|>", chat_template: template });
});

test("weights that one ONNX file cannot hold are refused before anything is written", async () => {
  const { config, weights, files } = microModel();
  const huge = new Map(weights).set("model.norm.weight", {
    shape: [2 ** 29],
    data: { byteLength: 2 ** 31 } as Float32Array,
  });
  const model = { ...toModelFiles(config, weights, files), weights: huge };
  await expect(exportOnnx(model, join(folder, "huge"))).rejects.toMatchObject({ code: "bad-model" });
  expect(readdirSync(folder)).not.toContain("huge");
});

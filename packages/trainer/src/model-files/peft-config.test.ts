import { expect, test } from "vitest";
import { MICRO_CONFIG } from "../testing/micro-model.ts";
import { initAdapter, projectionShapes } from "./lora.ts";
import { parsePeftConfig, toPeftConfig } from "./peft-config.ts";

const plain = { peft_type: "LORA", r: 4, lora_alpha: 8, bias: "none", use_dora: false };
const [first, second] = ["model.layers.0.self_attn.q_proj", "model.layers.1.mlp.down_proj"] as const;

test("ranks and alphas by name, the first pattern that matches", () => {
  const parsed = parsePeftConfig({
    ...plain,
    rank_pattern: { "layers.1.mlp.down_proj": 2, down_proj: 3 },
    alpha_pattern: { "^model\\.layers\\.0\\.self_attn\\.q_proj": 1 },
  });
  expect([parsed.rankOf(first), parsed.rankOf(second)]).toEqual([4, 2]);
  expect(parsed.rankOf("model.layers.0.mlp.down_proj")).toBe(3);
  // A part of a name is not a name.
  expect(parsed.rankOf("model.layers.0.mlp.xdown_proj")).toBe(4);
  expect([parsed.alphaOf(first), parsed.alphaOf(second)]).toEqual([1, 8]);
});

test.each([
  ["peft_type", "LOHA"],
  ["bias", "all"],
  ["use_dora", true],
  ["use_something_new", true],
  ["modules_to_save", ["lm_head"]],
  ["fan_in_fan_out", true],
  ["lora_bias", true],
  ["layer_replication", [[0, 2]]],
  ["trainable_token_indices", [1]],
  ["init_lora_weights", "pissa"],
  ["corda_config", { rank: 1 }],
  ["use_rslora", "yes"],
  ["base_model_name_or_path", 5],
  ["r", 0],
  ["r", "8"],
  ["lora_alpha", -1],
  ["rank_pattern", { "(.*)+x": 2 }],
  ["rank_pattern", { q_proj: 0 }],
  ["alpha_pattern", [1]],
] as const)("%s: %j is refused by its name", (field, value) => {
  expect(() => parsePeftConfig({ ...plain, [field]: value })).toThrow(
    expect.objectContaining({
      code: "bad-model",
      message: expect.stringContaining(field),
      hint: expect.stringContaining("merge_and_unload"),
    }),
  );
});

test("dots of a pattern are of a regular expression, as in PEFT", () => {
  const { alphaOf } = parsePeftConfig({
    ...plain,
    alpha_pattern: {
      "layers\\.0.self_attn.q.proj": 64,
      "^model.layers.1.self_attn.q_proj": 3,
      "v\\.proj": 5,
    },
  });
  expect(
    ["0.self_attn.q_proj", "1.self_attn.q_proj", "10.self_attn.q_proj"].map((name) =>
      alphaOf(`model.layers.${name}`),
    ),
  ).toEqual([64, 3, plain.lora_alpha]);
  expect(alphaOf("model.layers.0.self_attn.v_proj")).toBe(plain.lora_alpha);
});

test("more patterns than a model has projections are refused", () => {
  const alphas = Object.fromEntries(Array.from({ length: 10_001 }, (_, i) => [`a${i}`, 1]));
  expect(() => parsePeftConfig({ ...plain, alpha_pattern: alphas })).toThrow("alpha_pattern");
});

test("what is written is read back, whatever differs between modules", () => {
  const { modules, rslora } = initAdapter(MICRO_CONFIG, { rank: 4 });
  const some = new Map([...modules].filter(([name]) => name !== first));
  const module = some.get(second);
  if (module !== undefined) some.set(second, { ...module, alpha: 3 });
  const projections = [...projectionShapes(MICRO_CONFIG).keys()];
  const written = toPeftConfig({ modules: some, rslora }, projections, "a-model");
  // One q_proj of two: by full names. All of a kind: by the kind.
  expect(written.target_modules).toEqual([...some.keys()]);
  expect(toPeftConfig({ modules, rslora }, projections, "a-model").target_modules).toContain("q_proj");
  const parsed = parsePeftConfig(written);
  for (const [name, { a, alpha }] of some) {
    expect([parsed.rankOf(name), parsed.alphaOf(name)]).toEqual([a.shape[0], alpha]);
  }
  expect(parsed.base).toBe("a-model");
});

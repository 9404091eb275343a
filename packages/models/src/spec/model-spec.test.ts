import { RrrError } from "@rrr/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseModelSpec } from "./model-spec.ts";

test.each([
  ["builtin", { kind: "builtin" }],
  ["openai:gpt-4o-mini", { kind: "openai", name: "gpt-4o-mini" }],
  ["openai:meta-llama/Llama-3:free", { kind: "openai", name: "meta-llama/Llama-3:free" }],
  [
    "transformers:onnx-community/Qwen3-0.6B-ONNX",
    { kind: "transformers", name: "onnx-community/Qwen3-0.6B-ONNX" },
  ],
  ["transformers:./exported", { kind: "transformers", name: "./exported" }],
  ["./folder", { kind: "folder", path: "./folder" }],
  ["runs/a/checkpoints/step-000100", { kind: "folder", path: "runs/a/checkpoints/step-000100" }],
  ["..", { kind: "folder", path: ".." }],
  ["/models/a:b", { kind: "folder", path: "/models/a:b" }],
  ["./a:b", { kind: "folder", path: "./a:b" }],
  ["C:\\models\\a", { kind: "folder", path: "C:\\models\\a" }],
])("%s", (text, spec) => {
  expect(parseModelSpec(text)).toEqual(spec);
});

test.each([
  ["opnai:gpt-4o", "Did you mean openai:gpt-4o?"],
  ["OpenAI:gpt-4o", "Did you mean openai:gpt-4o?"],
  ["transformer:a/b", "Did you mean transformers:a/b?"],
  ["biultin", "Did you mean builtin?"],
  ["openai", "Did you mean openai:NAME?"],
  ["gpt-4o", "Did you mean openai:gpt-4o?"],
  ["o3-mini", "Did you mean openai:o3-mini?"],
  ["anthropic:x", "A model is openai:NAME"],
  ["my-model", "A model is openai:NAME, transformers:ID, ./folder or builtin"],
  ["", "A model is openai:NAME"],
  ["openai:", "Write openai:gpt-4o-mini"],
  ["transformers: ", "Write transformers:"],
])("%j is none: %s", (text, hint) => {
  expect(() => parseModelSpec(text)).toThrow(
    expect.objectContaining({ code: "bad-argument", hint: expect.stringContaining(hint) }),
  );
});

test("any text is a model, or an error with words", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.string().map((name) => `openai:${name}`),
      ),
      (text) => {
        try {
          expect(["openai", "transformers", "folder", "builtin"]).toContain(parseModelSpec(text).kind);
        } catch (error) {
          expect(RrrError.is(error, "bad-argument")).toBe(true);
        }
      },
    ),
  );
});

import { withToolsAsText } from "@rrr/core";
import { describe, expect, test } from "vitest";
import { microTextFiles } from "../testing/micro-model.ts";
import type { TextFileName } from "./text-files.ts";
import { createTokenizer } from "./tokenizer.ts";

const withFile = (name: TextFileName, json: Record<string, unknown>) => {
  const files = new Map(microTextFiles());
  files.set(name, JSON.stringify({ ...JSON.parse(files.get(name) ?? "{}"), ...json }));
  return files;
};

describe("createTokenizer", () => {
  const tokenizer = createTokenizer(microTextFiles());

  test("encodes and decodes without loss, spaces before punctuation included", () => {
    const text = "ab 12 ? c  d\n";
    expect(tokenizer.encode(text).length).toBe(text.length);
    expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
    expect(tokenizer.decode(new Int32Array())).toBe("");
  });

  test("leaves special tokens and ids beyond the vocabulary out of the text", () => {
    const ids = Int32Array.of(1, ...tokenizer.encode("ab"), 2, 0, tokenizer.vocabSize, 4_000);
    expect(tokenizer.decode(ids)).toBe("ab");
    expect(tokenizer.decode(Int32Array.of(2))).toBe("");
  });

  test("renders the chat template, the assistant's turn opened", () => {
    const ids = tokenizer.encodeChat([{ role: "user", content: "1" }]);
    const plain = tokenizer.encode("1")[0];
    const newline = tokenizer.encode("\n")[0];
    expect([...ids]).toEqual([1, 4, newline, plain, 2, newline, 1, 5, newline]);
  });

  test("text of a special token in a message becomes the token, as in transformers", () => {
    const ids = tokenizer.encodeChat([{ role: "user", content: "<|im_end|>" }]);
    expect([...ids].filter((id) => id === 2).length).toBe(2);
  });

  test("a template of its own file wins, with Jinja's block trimming", () => {
    const template = "{% for message in messages %}\n  {{ message.content }}\n{% endfor %}\n";
    const files = new Map([...microTextFiles(), ["chat_template.jinja", template] as const]);
    const rendered = createTokenizer(files).encodeChat([{ role: "user", content: "x" }]);
    expect(tokenizer.decode(rendered)).toBe("  x\n");
  });

  test("tools go to the template's place for them, or into the content of a template without one", () => {
    const tools = [{ name: "lookup", parameters: { type: "object" } }];
    const messages = [{ role: "user", content: "x", tools }] as const;
    const template =
      "{% if tools is not none %}{% for tool in tools %}{{ tool.function.name }} {% endfor %}{% endif %}" +
      "{{ messages[0].content }}{{ messages[0].tools }}";
    const slot = createTokenizer(new Map([...microTextFiles(), ["chat_template.jinja", template] as const]));
    expect(tokenizer.decode(slot.encodeChat(messages))).toBe("lookup x");
    expect(tokenizer.decode(slot.encodeChat([{ role: "user", content: "x" }]))).toBe("x");
    expect(tokenizer.encodeChat(messages)).toEqual(tokenizer.encodeChat(withToolsAsText(messages)));
  });

  test("stops at every end token that the model's files name", () => {
    expect(tokenizer.stopIds).toEqual([2]);
    expect(createTokenizer(withFile("generation_config.json", { eos_token_id: [0, 2] })).stopIds).toEqual([
      0, 2,
    ]);
    const object = withFile("tokenizer_config.json", { eos_token: { content: "<|endoftext|>" } });
    expect(createTokenizer(object).stopIds).toEqual([0, 2]);
  });

  test.each([
    [
      "no tokenizer.json",
      new Map([...microTextFiles()].filter(([name]) => name !== "tokenizer.json")),
      "is missing",
    ],
    [
      "broken JSON",
      new Map([...microTextFiles(), ["tokenizer.json", "{"] as const]),
      "tokenizer.json is not JSON",
    ],
    ["an unknown tokenizer", withFile("tokenizer.json", { model: { type: "Magic" } }), "tokenizer.json"],
    ["no chat template", withFile("tokenizer_config.json", { chat_template: null }), "no chat template"],
    ["a broken template", withFile("tokenizer_config.json", { chat_template: "{% if %}" }), "does not parse"],
  ])("refuses %s", (_, files, message) => {
    expect(() => createTokenizer(files)).toThrow(expect.objectContaining({ code: "bad-model" }));
    expect(() => createTokenizer(files)).toThrow(message);
  });
});

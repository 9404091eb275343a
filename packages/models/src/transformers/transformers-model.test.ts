import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { builtinModelDir } from "@rrr/builtin-model";
import { type Completion, type Message, type Model, RrrError } from "@rrr/core";
import { testModel } from "@rrr/core/testing";
import { createOnnxEngine, exportOnnx } from "@rrr/engine-onnx";
import { createPolicy, loadTokenizer, readModelDir } from "@rrr/trainer";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createChatTokenizer } from "./chat-tokenizer.ts";
import { load } from "./load.ts";
import { createTransformersModel, type TransformersModel } from "./transformers-model.ts";

const folder = mkdtempSync(join(tmpdir(), "rrr-transformers-"));
const exported = { countdown: join(folder, "countdown"), calling: join(folder, "function-calling") };
let model: TransformersModel;

beforeAll(async () => {
  await exportOnnx(await readModelDir(builtinModelDir("countdown")), exported.countdown);
  await exportOnnx(await readModelDir(builtinModelDir("function-calling")), exported.calling);
  model = await createTransformersModel({ model: exported.countdown });
});
afterAll(async () => {
  await model.close();
  rmSync(folder, { recursive: true });
});

const ask = (content: string): readonly Message[] => [{ role: "user", content }];
const problem = (i: number): readonly Message[] =>
  ask(
    `Using the numbers [${i + 2}, 4, ${i + 5}], create an equation that equals ${i + 20}. You can use basic arithmetic operations ` +
      "(+, -, *, /) and each number must be used exactly once. Show your work in <think> </think> tags and return the " +
      "final equation in <answer> </answer> tags, for example <answer>(1 + 2) / 3</answer>.",
  );

test("it conforms", async () => {
  expect(await testModel(model)).toEqual([]);
});

test("in any batch, greedy and by seed, it writes what the embedded engine writes", async () => {
  const engine = await createOnnxEngine(await readModelDir(builtinModelDir("countdown")), { threads: 1 });
  for (const temperature of [0, 1]) {
    const answers = async (from: Model): Promise<readonly Completion[]> => {
      const all = Array.from({ length: 20 }, (_, i) =>
        from.generate(problem(i), { n: 1 + (i % 2), maxTokens: 10 + 20 * (i % 3), temperature, seed: i }),
      );
      return (await Promise.all(all)).flat();
    };
    const [ours, theirs] = [await answers(model), await answers(createPolicy(engine))];
    expect(ours.map(({ text, finish, usage }) => ({ text, finish, usage }))).toEqual(
      theirs.map(({ text, finish, tokens }) => ({
        text,
        finish,
        usage: { prompt: tokens?.prompt.length, completion: tokens?.ids.length },
      })),
    );
    expect(new Set(ours.map(({ finish }) => finish))).toEqual(new Set(["stop", "length"]));
  }
  await engine.close();
});

test("conversations are tokenised as rrr's own models do it, with tools in their place", async () => {
  const tools = [{ name: "add", description: "Adds.", parameters: { type: "object", properties: {} } }];
  const conversation: readonly Message[] = [
    { role: "system", content: "Be brief.", tools },
    { role: "user", content: "  2 +\n2? é 数" },
    { role: "assistant", content: "<think>4</think>" },
    { role: "user", content: "Sure?" },
  ];
  for (const [name, dir] of [
    ["countdown", exported.countdown],
    ["function-calling", exported.calling],
  ] as const) {
    const own = await loadTokenizer(builtinModelDir(name));
    const { tokenizer, model: loaded } = await load({ model: dir });
    const theirs = createChatTokenizer(tokenizer);
    const tokens = theirs.encode(conversation);
    expect([...tokens]).toEqual([...own.encodeChat(conversation)]);
    expect(theirs.decode(tokens)).toBe(own.decode(Int32Array.from(tokens)));
    expect(theirs.decode([])).toBe("");
    await loaded.dispose();
  }
});

test("what a template hides of earlier answers is found out, and parted as the embedded engine parts it", async () => {
  expect(model.history).toEqual({ attempt: "whole", reflection: "whole", opensThought: false });
  const [trained, asked] = [join(folder, "thinking"), join(folder, "thinking-onnx")];
  cpSync(builtinModelDir("countdown"), trained, { recursive: true });
  const config = join(trained, "tokenizer_config.json");
  const chat_template =
    "{%- for m in messages -%}<|{{ m.role }}|>" +
    '{{ m.content.split("</think>")[-1] if m.role == "assistant" else m.content }}<|end|>' +
    "{%- endfor -%}{%- if add_generation_prompt -%}<|assistant|><think>{%- endif -%}";
  writeFileSync(config, JSON.stringify({ ...JSON.parse(readFileSync(config, "utf8")), chat_template }));
  await exportOnnx(await readModelDir(trained), asked);
  const thinking = await createTransformersModel({ model: asked });
  const engine = await createOnnxEngine(await readModelDir(trained), { threads: 1 });
  const policy = createPolicy(engine);
  const history = { attempt: "without thoughts", reflection: "without thoughts", opensThought: true };
  expect(thinking.history).toMatchObject(history);
  expect(policy.history).toEqual(thinking.history);
  const written = async (from: Model) => {
    const options = { n: 8, maxTokens: 40, temperature: 1, seed: 3 };
    return (await from.generate(problem(1), options)).map(({ text, reasoning, hidden }) => ({
      text,
      reasoning,
      hidden,
    }));
  };
  const ours = await written(thinking);
  expect(ours).toEqual(await written(policy));
  // The prompt opens a thought: it is no part of the answer, and all there is where it was cut off.
  for (const { text, reasoning = "", hidden } of ours) {
    expect(reasoning).not.toBe("");
    expect(text === "" || reasoning.trimEnd().endsWith("</think>")).toBe(true);
    expect(text).not.toContain("</think>");
    expect(hidden).toBe(0);
  }
  expect(ours.some(({ text }) => text === "")).toBe(true);
  await Promise.all([thinking.close(), engine.close()]);
});

test("what leaves no room is refused, and what leaves little gets that", async () => {
  const long = (tokens: number) => ask("?".repeat(tokens - 3));
  const options = { maxTokens: 50, temperature: 0, seed: 0 };
  await expect(model.generate(long(512), options)).rejects.toMatchObject({ code: "context-overflow" });
  for (const wrong of [{ maxTokens: 0 }, { n: 0 }, { maxTokens: Number.NaN }]) {
    await expect(model.generate(problem(1), { ...options, ...wrong })).rejects.toMatchObject({
      code: "bad-argument",
    });
  }
  // Together with a short prompt that may run on for long.
  const both = await Promise.all([
    model.generate(long(509), options),
    model.generate(problem(1), { ...options, maxTokens: 400 }),
  ]);
  expect(both[0]?.[0]).toMatchObject({ finish: "length", usage: { prompt: 509, completion: 3 } });
  expect(both[1]?.[0]).toMatchObject({ finish: "stop" });
});

test("an aborted request rejects at once and leaves the others alone", async () => {
  const options = { maxTokens: 200, temperature: 0, seed: 0 };
  const [alone] = await model.generate(problem(3), options);
  const stop = new AbortController();
  const aborted = model.generate(ask("Say something else."), { ...options, n: 3, signal: stop.signal });
  const kept = model.generate(problem(3), options);
  setTimeout(() => stop.abort(), 5);
  await expect(aborted).rejects.toMatchObject({ code: "aborted" });
  expect((await kept)[0]?.text).toBe(alone?.text);
});

test("a closed model answers nothing more, and rejects what it was asked", async () => {
  const closing = await createTransformersModel({ model: exported.countdown, batchSize: 1 });
  const options = { n: 2, maxTokens: 100, temperature: 0, seed: 0 };
  const pending = closing.generate(problem(0), options);
  const rejected = expect(pending).rejects.toMatchObject({ code: "aborted" });
  await closing.close();
  await rejected;
  await expect(closing.generate(problem(0), options)).rejects.toMatchObject({ code: "aborted" });
});

test("a chat template that leaves out what the user says is refused when the model is opened", async () => {
  const silent = join(folder, "silent");
  cpSync(exported.countdown, silent, { recursive: true });
  const path = join(silent, "tokenizer_config.json");
  const config = JSON.parse(readFileSync(path, "utf8"));
  writeFileSync(path, JSON.stringify({ ...config, chat_template: "{{ messages | length }}" }));
  await expect(createTransformersModel({ model: silent })).rejects.toMatchObject({
    code: "bad-model",
    message: expect.stringContaining("drops what the user says"),
  });
});

test("folders that are no ONNX models are refused with what to do", async () => {
  const refused = async (options: Parameters<typeof createTransformersModel>[0]): Promise<RrrError> => {
    const error: unknown = await createTransformersModel(options).catch((thrown: unknown) => thrown);
    if (!RrrError.is(error)) throw new Error("it was not refused");
    return error;
  };
  mkdirSync(join(folder, "empty/onnx"), { recursive: true });
  expect((await refused({ model: builtinModelDir("countdown") })).hint).toContain("export it");
  expect(await refused({ model: "./nowhere" })).toMatchObject({ code: "bad-model" });
  expect((await refused({ model: join(folder, "empty") })).hint).toContain("config.json");
  expect((await refused({ model: exported.countdown, dtype: "q4" })).message).toContain("model_q4.onnx");
  expect((await refused({ model: exported.countdown, batchSize: 0 })).code).toBe("bad-argument");
});

/** What clients do wrong, and what they lie about: said at once, and nobody else's matter. */
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { RrrError } from "@rrr/core";
import { createOnnxEngine } from "@rrr/engine-onnx";
import { microModel } from "@rrr/trainer/testing";
import { describe, expect, test } from "vitest";
import { createClient, stepBody, trainingBody } from "../../test/client.ts";
import { createFutures } from "./futures.ts";
import { createTurns } from "./turns.ts";

const TOKENS = [1, 7, 9, 11, 13];
const PROTOBUF = { "content-type": "application/x-protobuf" };
const sampleOf = (model_path: unknown) => ({
  model_path,
  prompt: { chunks: [{ type: "encoded_text", tokens: [1, 2, 3] }] },
  sampling_params: { max_tokens: 8, temperature: 1, seed: 3 },
});

test.each([
  ["beta1", 1],
  ["beta2", -0.5],
  ["learning_rate", -1],
  ["weight_decay", -1],
  ["grad_clip_norm", -1],
])("a step with %s %j is refused, and leaves the gradient as it is", async (name, value) => {
  const client = await createClient();
  const [id, straight] = [await client.model(), await client.model()];
  for (const model of [id, straight]) {
    await client.result("forward_backward", trainingBody(model, 1, TOKENS));
  }
  const refused = await client.result("optim_step", {
    ...stepBody(id, 2),
    adam_params: { learning_rate: 0.01, [name]: value },
  });
  expect(refused).toMatchObject({ category: "user", code: "bad-argument" });
  const step = await client.result("optim_step", stepBody(id, 3));
  expect(step).toEqual(await client.result("optim_step", stepBody(straight, 2)));
});

test.each([
  [{ loss_fn_config: { clip_low: 0.9 } }, 'loss_fn_config has "clip_low"'],
  [{ loss_fn_config: { clip_low_threshold: 1.5 } }, "the ratio cannot be kept from 1.5 to 1.2"],
  [{ loss_fn_config: { clip_low_threshold: -1 } }, "the ratio cannot be kept from -1"],
  [{ loss_fn: "importance_sampling", loss_fn_config: { clip_low_threshold: 0.9 } }, "this server has none"],
])("a loss with %j is refused", async (change, error) => {
  const client = await createClient();
  const id = await client.model();
  const { forward_backward_input, ...rest } = trainingBody(id, 1, TOKENS, "ppo") as {
    forward_backward_input: object;
  };
  const body = { ...rest, forward_backward_input: { ...forward_backward_input, ...change } };
  expect(await client.result("forward_backward", body)).toMatchObject({
    category: "user",
    error: expect.stringContaining(error),
  });
});

test("an input that no loss here looks at is refused", async () => {
  const client = await createClient();
  const id = await client.model();
  const body = trainingBody(id, 1, TOKENS) as {
    forward_backward_input: { data: { loss_fn_inputs: Record<string, object> }[] };
  };
  const [datum] = body.forward_backward_input.data;
  if (datum !== undefined) datum.loss_fn_inputs.mask = datum.loss_fn_inputs.weights as object;
  expect(await client.result("forward_backward", body)).toMatchObject({
    error: expect.stringContaining('loss_fn_inputs has "mask"'),
  });
});

describe("a name that is used again is sampled from what is under it now", () => {
  test("after it was removed", async () => {
    const client = await createClient();
    const id = await client.model();
    const save = (seq_id: number) =>
      client.result("save_weights_for_sampler", { model_id: id, path: "w", seq_id });
    const train = async (seq: number) => {
      await client.result("forward_backward", trainingBody(id, seq, TOKENS));
      await client.result("optim_step", stepBody(id, seq + 1, 0.1));
    };
    const { path } = await save(1);
    await train(2);
    const first = await client.result("asample", sampleOf(path));
    await client.request("DELETE", `training_runs/${id}/checkpoints/w`);
    await save(4);
    const second = await client.result("asample", sampleOf(path));
    expect(second).not.toEqual(first);
    await train(5);
    expect(await client.result("asample", sampleOf(path))).toEqual(second);
  });

  test("after it was overwritten", async () => {
    const client = await createClient();
    const id = await client.model();
    const save = (seq_id: number) =>
      client.result("save_weights", { model_id: id, path: "ck", seq_id, overwrite: true });
    const train = async (seq: number) => {
      await client.result("forward_backward", trainingBody(id, seq, TOKENS));
      await client.result("optim_step", stepBody(id, seq + 1, 0.1));
    };
    const { path } = await save(1);
    await train(2);
    const first = await client.result("asample", sampleOf(path));
    await save(4);
    const second = await client.result("asample", sampleOf(path));
    expect(second).not.toEqual(first);
    await train(5);
    expect(await client.result("asample", sampleOf(path))).toEqual(second);
  });
});

describe("requests that wait for one that never comes", () => {
  test("fail when the model is unloaded", async () => {
    const client = await createClient();
    const id = await client.model();
    const ahead = client.result("optim_step", stepBody(id, 3));
    await client.result("unload_model", { model_id: id });
    expect(await ahead).toMatchObject({ category: "user", error: expect.stringContaining("is gone") });
  });

  test("fail after a while, and those that come late have their turn", async () => {
    const turns = createTurns(50);
    const futures = createFutures();
    const submit = (seq: number) =>
      turns.submit(seq, String(seq), async () => ({ kind: "json", body: { seq } }) as const, futures.add);
    const ahead = submit(2);
    expect(await futures.wait(ahead, 5_000)).toMatchObject({
      kind: "failed",
      body: { error: "seq_id 1 did not come, and 2 waits for it" },
    });
    for (const seq of [1, 3]) expect(await futures.wait(submit(seq), 5_000)).toMatchObject({ body: { seq } });
    expect(submit(2)).toBe(ahead);
  });
});

describe("models that come to nothing", () => {
  test("do not take the places of others", async () => {
    const micro = microModel(1);
    let opened = 0;
    const open = async () => {
      if (opened++ < 3) throw new RrrError("bad-argument", "a rank that the model cannot have");
      return createOnnxEngine(micro, { rows: 8, threads: 1 });
    };
    const served = { name: "micro", contextLength: 128, trains: "lora", open } as const;
    const client = await createClient({ models: [served], maxModels: 1 });
    const { body: session } = await client.post("create_session", {});
    const created = [];
    for (const model_seq_id of [0, 1, 2, 3]) {
      const asked = { session_id: session.session_id, model_seq_id, base_model: "micro" };
      created.push(await client.result("create_model", asked));
    }
    expect(created.map(({ error }) => typeof error)).toEqual(["string", "string", "string", "undefined"]);
    expect(created[3]?.lora_config).toEqual({
      ...{ rank: 32, seed: null },
      ...{ train_mlp: true, train_attn: true, train_unembed: false },
    });
    const part = { session_id: session.session_id, base_model: "micro", lora_config: { train_mlp: false } };
    expect((await client.post("create_model", part)).body.detail).toContain("adapters of this server");
  });

  test.each([-1, 1e12, 1.5, "1", {}])("a number of a model that is %j is refused", async (model_seq_id) => {
    const client = await createClient();
    const { body: session } = await client.post("create_session", {});
    const asked = { session_id: session.session_id, model_seq_id, base_model: "micro" };
    const { status, body } = await client.post("create_model", asked);
    expect([status, body.detail]).toEqual([400, expect.stringContaining("model_seq_id")]);
  });
});

describe("the folder of checkpoints", () => {
  test.each(["{", "{}", '{"baseModel":"micro","rank":-1,"trains":"full"}', '{"baseModel":1,"rank":0}'])(
    "a checkpoint whose description is %s is damaged",
    async (text) => {
      const client = await createClient();
      const place = join(client.folder, "stranger", "weights", "x");
      await mkdir(place, { recursive: true });
      await writeFile(join(place, "rrr-checkpoint.json"), text);
      const { status, body } = await client.post("weights_info", {
        tinker_path: "tinker://stranger/weights/x",
      });
      expect([status, body.detail]).toEqual([404, expect.stringContaining("is damaged")]);
    },
  );

  test("what a server that ended left of a checkpoint does not keep its name", async () => {
    const client = await createClient();
    const id = await client.model();
    const kind = join(client.folder, id.replaceAll(":", "."), "weights");
    for (const left of ["ck", "ck.new"]) await mkdir(join(kind, left, "state"), { recursive: true });
    const { path } = await client.result("save_weights", { model_id: id, path: "ck", seq_id: 1 });
    expect(path).toBe(`tinker://${id}/weights/ck`);
    expect(await readdir(kind)).toEqual(["ck"]);
    const listed = await (await client.request("GET", `training_runs/${id}/checkpoints`)).json();
    expect(listed).toMatchObject({ checkpoints: [{ checkpoint_id: "weights/ck" }] });
  });

  test("a checkpoint that cannot be written is an error, and is not there", async () => {
    const client = await createClient();
    const id = await client.model();
    const kind = join(client.folder, id.replaceAll(":", "."), "weights");
    await mkdir(join(kind, ".."), { recursive: true });
    await writeFile(kind, "a file, where a folder is to be");
    const body = { model_id: id, path: "ck", seq_id: 1 };
    expect(await client.result("save_weights", body)).toMatchObject({
      category: "server",
      error: expect.stringContaining("cannot be written"),
    });
    await rm(kind);
    expect((await client.result("save_weights", { ...body, seq_id: 2 })).type).toBe("save_weights");
  });
});

describe("bodies that are made to be large in memory", () => {
  const emptyDatums = (count: number): Uint8Array =>
    Uint8Array.from({ length: 2 * count }, (_, i) => (i % 2 === 0 ? 0x1a : 0));

  test("more datums than may be are not read", async () => {
    const client = await createClient({ maxBatch: 4 });
    const id = await client.model();
    const name = new TextEncoder().encode(id);
    const head = Uint8Array.of(0x0a, name.length, ...name, 0x10, 1);
    const body = Buffer.concat([head, emptyDatums(4_000_000)]);
    const { request_id } = (await client.postBytes("forward_backward", body, PROTOBUF)).body;
    const { body: answer } = await client.post("retrieve_future", { request_id });
    expect(answer).toMatchObject({ category: "user", error: "more than 4 datums in one call" });
  });

  test("what is nested too deeply is refused", async () => {
    const client = await createClient();
    const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
    const ids = await client.post("optim_step", `{"model_id":${deep}}`);
    expect([ids.status, ids.body.detail]).toEqual([400, expect.stringContaining("the body cannot be read")]);
    const asked = JSON.stringify({ ...sampleOf(undefined), base_model: "micro", sampling_params: {} });
    const other = await client.post("asample", asked.replace("{", `{"other":${deep},`));
    expect([other.status, other.body.detail]).toEqual([
      400,
      expect.stringContaining("the body cannot be read"),
    ]);
  });
});

test("results are forgotten by how much they hold, and none that is still to come", async () => {
  const futures = createFutures();
  const large = () =>
    ({ kind: "numbers", count: 40 << 20, json: () => ({}), protobuf: () => new Uint8Array() }) as const;
  let finish: (body: object) => void = () => {};
  const pending = futures.add(
    new Promise((resolve) => {
      finish = (body) => resolve({ kind: "json", body });
    }),
  );
  const first = futures.add(Promise.resolve(large()));
  const second = futures.add(Promise.resolve(large()));
  await futures.wait(second, 1_000);
  await new Promise((resolve) => setImmediate(resolve));
  expect(futures.wait(first, 0)).toBeUndefined();
  expect(await futures.wait(second, 1_000)).toMatchObject({ kind: "numbers" });
  finish({});
  expect(await futures.wait(pending, 1_000)).toEqual({ kind: "json", body: {} });
});

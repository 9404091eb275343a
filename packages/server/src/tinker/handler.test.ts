import { readdir } from "node:fs/promises";
import { microModel } from "@rrr/trainer/testing";
import { unpackTar } from "modern-tar";
import { describe, expect, test } from "vitest";
import { createClient, stepBody, trainingBody } from "../../test/client.ts";

const TOKENS = [1, 7, 9, 11, 13];
const greedy = (weights: object) => ({
  ...weights,
  num_samples: 1,
  prompt: { chunks: [{ type: "encoded_text", tokens: [1, 2, 3] }] },
  sampling_params: { max_tokens: 8, temperature: 1, seed: 3 },
});

describe("numbered requests", () => {
  test("a repeat gets the first one's future and does nothing; another body is refused", async () => {
    const client = await createClient();
    const id = await client.model();
    const first = await client.post("forward_backward", trainingBody(id, 1, TOKENS));
    expect(await client.post("forward_backward", trainingBody(id, 1, TOKENS))).toEqual(first);
    const { status, body } = await client.post("forward_backward", trainingBody(id, 1, [1, 2, 3]));
    expect([status, body.detail]).toEqual([409, "seq_id 1 was used for another request"]);

    const once = await client.result("optim_step", stepBody(id, 2));
    expect(await client.result("optim_step", stepBody(id, 2))).toEqual(once);
    const again = await client.model();
    await client.result("forward_backward", trainingBody(again, 1, TOKENS));
    expect(await client.result("optim_step", stepBody(again, 2))).toEqual(once);
  });

  test("they run in the order of their numbers, whatever order they come in", async () => {
    const client = await createClient();
    const [ahead, straight] = [await client.model(), await client.model()];
    const step = client.result("optim_step", stepBody(ahead, 2));
    const gradient = client.result("forward_backward", trainingBody(ahead, 1, TOKENS));
    await client.result("forward_backward", trainingBody(straight, 1, TOKENS));
    expect(await step).toEqual(await client.result("optim_step", stepBody(straight, 2)));
    expect((await gradient).loss_fn_output_type).toBe("cross_entropy");
  });
});

test("a sampler's checkpoint stays what it was when training goes on", async () => {
  const client = await createClient();
  const id = await client.model();
  const { path } = await client.result("save_weights_for_sampler", { model_id: id, path: "w0", seq_id: 1 });
  const before = await client.result("asample", greedy({ model_path: path }));
  expect(await client.result("asample", greedy({ base_model: "micro" }))).toEqual(before);
  for (const seq of [2, 4, 6]) {
    await client.result("forward_backward", trainingBody(id, seq, TOKENS));
    await client.result("optim_step", stepBody(id, seq + 1, 0.1));
  }
  const { path: newer } = await client.result("save_weights_for_sampler", {
    model_id: id,
    path: "w1",
    seq_id: 8,
  });
  expect(await client.result("asample", greedy({ model_path: path }))).toEqual(before);
  expect(await client.result("asample", greedy({ model_path: newer }))).not.toEqual(before);
  await client.result("unload_model", { model_id: id });
  expect(await client.result("asample", greedy({ model_path: path }))).toEqual(before);
});

test("weights are saved, listed, loaded into another model, downloaded and removed", async () => {
  const client = await createClient();
  const id = await client.model();
  await client.result("forward_backward", trainingBody(id, 1, TOKENS));
  await client.result("optim_step", stepBody(id, 2));
  const { path } = await client.result("save_weights", { model_id: id, path: "ck", seq_id: 3 });
  expect(path).toBe(`tinker://${id}/weights/ck`);
  const other = await client.model();
  await client.result("load_weights", { model_id: other, path, seq_id: 1 });
  const loss = async (model: string, seq: number) =>
    (await client.result("forward_backward", trainingBody(model, seq, TOKENS))).metrics;
  expect(await loss(other, 2)).toEqual(await loss(id, 4));

  await client.result("save_weights_for_sampler", { model_id: id, path: "w", seq_id: 5 });
  const listed = await (await client.request("GET", `training_runs/${id}/checkpoints`)).json();
  expect(listed).toMatchObject({
    checkpoints: [{ checkpoint_id: "weights/ck" }, { checkpoint_id: "sampler_weights/w" }],
  });
  const archive = await client.request("GET", `training_runs/${id}/checkpoints/w/archive`);
  const files = await unpackTar(
    (archive.body as ReadableStream).pipeThrough(new DecompressionStream("gzip")),
  );
  expect(files.map(({ header }) => header.name)).toEqual(
    expect.arrayContaining(["config.json", "model.safetensors"]),
  );
  const gone = await client.request("DELETE", `training_runs/${id}/checkpoints/sampler_weights/w`);
  expect(gone.status).toBe(204);
  expect(await readdir(`${client.folder}/${id.replaceAll(":", ".")}/sampler_weights`)).toEqual([]);
});

test("a model can begin with a checkpoint, under the id that its client derives", async () => {
  const client = await createClient();
  const id = await client.model();
  await client.result("forward_backward", trainingBody(id, 1, TOKENS));
  await client.result("optim_step", stepBody(id, 2));
  const { path } = await client.result("save_weights", { model_id: id, path: "ck", seq_id: 3 });
  const { body: session } = await client.post("create_session", { type: "create_session" });
  const load = { session_id: session.session_id, model_seq_id: 4, path, optimizer: true };
  const loaded = await client.result("load_weights", load);
  expect(await client.result("load_weights", load)).toEqual(loaded);
  const model = `${session.session_id}:train:4`;
  expect(loaded.model_id).toBe(model);
  const step = async (of: string, seq: number) => {
    await client.result("forward_backward", trainingBody(of, seq, TOKENS));
    return client.result("optim_step", stepBody(of, seq + 1));
  };
  expect(await step(model, 1)).toEqual(await step(id, 4));

  const other = { ...load, model_seq_id: 5, base_model: "other" };
  expect(await client.result("load_weights", other)).toMatchObject({
    error: `${path} is of micro, not of other`,
  });
  const nowhere = { ...load, model_seq_id: 6, path: `${path}x` };
  expect(await client.result("load_weights", nowhere)).toMatchObject({ code: "bad-checkpoint" });
});

test("each sample has an id of its own, said at once", async () => {
  const client = await createClient();
  const ask = async () => {
    const { body } = await client.post("asample", { ...greedy({ base_model: "micro" }), num_samples: 2 });
    return body.sample_sequence_ids as string[];
  };
  const ids = [...(await ask()), ...(await ask())];
  expect([ids.length, new Set(ids).size]).toEqual([4, 4]);
});

test("a text ends a sample at the token that completes it", async () => {
  const client = await createClient();
  const { tokenizer } = microModel(1);
  const sampled = async (stop?: unknown) => {
    const asked = greedy({ base_model: "micro" });
    const sampling_params = { ...asked.sampling_params, ...(stop === undefined ? {} : { stop }) };
    const { sequences } = await client.result("asample", { ...asked, sampling_params });
    return (sequences as { tokens: number[]; logprobs: number[]; stop_reason: string }[])[0];
  };
  const whole = await sampled();
  const tokens = whole?.tokens ?? [];
  const text = tokenizer.decode(Int32Array.from(tokens.slice(2, 4)));
  const first = tokens.findIndex((_, i) =>
    tokenizer.decode(Int32Array.from(tokens.slice(0, i + 1))).includes(text),
  );
  const wanted = {
    tokens: tokens.slice(0, first + 1),
    logprobs: whole?.logprobs.slice(0, first + 1),
    stop_reason: "stop",
  };
  expect(text).not.toBe("");
  expect(await sampled([text])).toEqual(wanted);
  expect(await sampled(text)).toEqual(wanted);
  expect(await sampled(["never written"])).toEqual(whole);
});

test("where nothing counts, a target may be any; its score is 0", async () => {
  const client = await createClient();
  const [id, same] = [await client.model(), await client.model()];
  const body = (model: string, target: number) => {
    const whole = trainingBody(model, 1, TOKENS, "importance_sampling") as {
      forward_backward_input: { data: { loss_fn_inputs: Record<string, { data: number[] }> }[] };
    };
    const inputs = whole.forward_backward_input.data[0]?.loss_fn_inputs;
    if (inputs?.advantages === undefined || inputs.target_tokens === undefined) throw new Error("no inputs");
    inputs.advantages.data[0] = 0;
    inputs.target_tokens.data[0] = target;
    return whole;
  };
  const padded = await client.result("forward_backward", body(id, 0));
  const plain = await client.result("forward_backward", body(same, TOKENS[1] as number));
  expect(padded.metrics).toEqual(plain.metrics);
  const rows = [padded, plain].map(({ loss_fn_outputs }) => {
    const [output] = loss_fn_outputs as { logprobs: { data: number[] } }[];
    return output?.logprobs.data ?? [];
  });
  expect(rows[0]).toEqual([0, ...(rows[1] ?? []).slice(1)]);
  const norms = await Promise.all([id, same].map((model) => client.result("optim_step", stepBody(model, 2))));
  expect(norms[0]).toEqual(norms[1]);
});

test("the model of a session without heartbeats is dropped", async () => {
  const client = await createClient({ sessionSeconds: 1 });
  const id = await client.model();
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const { status, body } = await client.post("get_info", { model_id: id });
  expect([status, body.detail]).toEqual([404, expect.stringContaining("its session sent no heartbeat")]);
});

test("a result that takes long is to be asked for again", async () => {
  const client = await createClient({ holdSeconds: 0.05 });
  const id = await client.model();
  const { body: future } = await client.post("optim_step", stepBody(id, 2));
  const { request_id } = future;
  const { body } = await client.post("retrieve_future", { request_id });
  expect(body).toEqual({ type: "try_again", request_id, queue_state: "active" });
  await client.result("forward_backward", trainingBody(id, 1, TOKENS));
  expect((await client.result("optim_step", stepBody(id, 2))).type).toBe("optim_step");
});

describe("what is refused, and why", () => {
  test.each([
    ["optim_step", "{", 400, "the body is not JSON"],
    ["optim_step", "[]", 400, "the body must be an object"],
    ["optim_step", { model_id: "model_0", seq_id: 1, adam_params: {} }, 404, 'model "model_0" is not loaded'],
    ["create_model", { session_id: "s", base_model: "micro" }, 404, 'there is no session "s"'],
    ["nothing", {}, 404, "there is no nothing"],
    ["__proto__", {}, 404, "there is no __proto__"],
    ["asample", { prompt: { chunks: [] }, base_model: "other" }, 404, 'there is no model "other"'],
    ["asample", { prompt: { chunks: [{ type: "image" }] }, base_model: "micro" }, 400, "not text"],
    ["asample", { prompt: { chunks: [] } }, 400, "name the weights by one of"],
    ["asample", { ...greedy({}), base_model: "micro", num_samples: 5000 }, 400, "num_samples is 5000"],
    ["asample", { ...greedy({ base_model: "micro" }), sampling_params: { top_p: 0.9 } }, 400, "top_p is 0.9"],
    [
      "asample",
      { ...greedy({ base_model: "micro" }), sampling_params: { stop: [0, "x"] } },
      400,
      "not of both",
    ],
    ["asample", { ...greedy({ base_model: "micro" }), sampling_params: { stop: "" } }, 400, "not of both"],
    ["asample", { ...greedy({ base_model: "micro" }), topk_sample_logprobs: 2 }, 400, "topk_sample_logprobs"],
    ["asample", { ...greedy({ base_model: "micro" }), record_stability_info: true }, 400, "stable_reinforce"],
    ["asample", greedy({ model_path: "tinker://../weights/x" }), 404, "is no tinker://MODEL/weights/NAME"],
  ])("%s %j", async (path, body, status, detail) => {
    const client = await createClient();
    expect(await client.post(path, body)).toEqual({
      status,
      body: { detail: expect.stringContaining(detail) },
    });
  });

  test("bodies and batches beyond the limits", async () => {
    const client = await createClient({ maxBodyBytes: 2_000, maxBatch: 2 });
    const id = await client.model();
    expect((await client.post("optim_step", "x".repeat(3_000))).status).toBe(413);
    const { forward_backward_input: input } = trainingBody(id, 1, [1, 2]) as {
      forward_backward_input: { data: object[] };
    };
    const data = [input.data[0], input.data[0], input.data[0]];
    const body = { ...trainingBody(id, 1, [1, 2]), forward_backward_input: { ...input, data } };
    const error = "more than 2 datums in one call";
    expect(await client.result("forward_backward", body)).toMatchObject({ category: "user", error });
  });

  test("names that would leave the folder", async () => {
    const client = await createClient();
    const id = await client.model();
    const saved = await client.result("save_weights", { model_id: id, path: "../../x", seq_id: 1 });
    expect(saved).toMatchObject({
      category: "user",
      error: expect.stringContaining("letters, digits, _ and -"),
    });
    const up = await client.request("GET", "training_runs/..%2f..%2fx/checkpoints");
    expect(up.status).toBe(400);
    const archive = await client.request(
      "GET",
      `training_runs/${id}/checkpoints/weights/..%2f..%2fx/archive`,
    );
    expect(archive.status).toBe(400);
  });

  test("a path that no percent-encoding gives", async () => {
    const client = await createClient();
    expect((await client.request("GET", "training_runs/%zz/checkpoints")).status).toBe(400);
    expect((await client.request("DELETE", "training_runs/%ff/checkpoints/w")).status).toBe(400);
  });

  test("targets that are not the next tokens, and losses that are none, fail when their turn comes", async () => {
    const client = await createClient();
    const id = await client.model();
    const body = trainingBody(id, 1, TOKENS) as {
      forward_backward_input: { data: { loss_fn_inputs: object }[] };
    };
    const [datum] = body.forward_backward_input.data;
    const target_tokens = { dtype: "int64", data: [9, 9, 9, 9], shape: [4] };
    if (datum !== undefined) datum.loss_fn_inputs = { ...datum.loss_fn_inputs, target_tokens };
    expect(await client.result("forward_backward", body)).toMatchObject({
      category: "user",
      code: "bad-argument",
    });
    expect(await client.result("forward_backward", trainingBody(id, 2, TOKENS, "dro"))).toMatchObject({
      error: 'loss_fn is "dro"; this server has cross_entropy, importance_sampling, ppo, cispo',
    });
    expect((await client.result("optim_step", stepBody(id, 3))).metrics).toMatchObject({ grad_norm: 0 });
  });
});

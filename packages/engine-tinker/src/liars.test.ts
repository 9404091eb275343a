/** Servers that say what is not so: an error that names it, before a number of theirs counts. */
import type { Json } from "@rrr/tinker-protocol";
import type { Datum, Engine } from "@rrr/trainer";
import { expect, test } from "vitest";
import { createLiar, type Lie } from "../test/liar.ts";
import { startOwnServer } from "../test/own-server.ts";
import { POLICY, sampledData } from "../test/steps.ts";
import { createTinkerEngine, type TinkerEngineSettings } from "./index.ts";

type Sequence = { readonly tokens: readonly number[]; readonly logprobs: readonly number[] };

/** Opens an engine and takes a step, a state and its way back, on a server that lies once `from` has come. */
async function onLiar(
  lie: Lie,
  { from = "open", ...more }: { from?: "open" | "step" } & Partial<TinkerEngineSettings> = {},
): Promise<void> {
  const server = await startOwnServer();
  let lies = from === "open";
  const liar = await createLiar(server.url, (call) => (lies ? lie(call) : undefined));
  let engine: Engine | undefined;
  try {
    engine = await createTinkerEngine({ ...server.settings, ...more, baseUrl: liar.url });
    lies = true;
    await engine.forwardBackward(await sampledData(engine, 1), POLICY);
    await engine.optimStep({ learningRate: 1e-3 });
    const state = await engine.saveState("");
    await sampledData(engine, 2);
    await engine.loadState(state);
  } finally {
    await engine?.close();
    await liar.close();
    await server.close();
  }
}

const samples =
  (change: (sequence: Sequence) => object): Lie =>
  ({ kind, result }) =>
    kind === "asample" && result
      ? { ...result, sequences: (result.sequences as Sequence[]).map(change) }
      : undefined;

const of =
  (asked: string, change: (result: Json) => object): Lie =>
  ({ kind, result }) =>
    kind === asked && result ? change(result) : undefined;

const rows = (change: (values: readonly number[]) => readonly (number | null)[]): Lie =>
  of("forward_backward", (result) => ({
    ...result,
    loss_fn_outputs: ((result.loss_fn_outputs ?? []) as { logprobs: { data: number[] } }[]).map(
      ({ logprobs }) => ({
        logprobs: { ...logprobs, data: change(logprobs.data) },
      }),
    ),
  }));

test("an honest server is believed", async () => {
  await onLiar(() => undefined);
});

test.each<[string, Lie, string, string]>([
  ["fewer samples", of("asample", (r) => ({ ...r, sequences: [] })), "model-failed", "gives 0 samples"],
  [
    "shorter log-probabilities",
    samples((s) => ({ ...s, logprobs: s.logprobs.slice(1) })),
    "model-failed",
    "log-probabilities for",
  ],
  [
    "log-probabilities that are none",
    samples((s) => ({ ...s, logprobs: s.logprobs.map(() => null) })),
    "diverged",
    "log-probability of a sampled token is NaN",
  ],
  [
    "log-probabilities above 0",
    samples((s) => ({ ...s, logprobs: s.logprobs.map(() => 5) })),
    "model-failed",
    "a log-probability is 5, above 0",
  ],
  [
    "tokens that are none",
    samples((s) => ({ ...s, stop_reason: "length", tokens: s.tokens.map(() => 99_999) })),
    "model-failed",
    "token 99999 is not in the vocabulary",
  ],
  [
    "fewer scores",
    of("forward_backward", (r) => ({ ...r, loss_fn_outputs: [] })),
    "model-failed",
    "gives 0 results",
  ],
  ["scores above 0", rows((row) => row.map(() => 3)), "model-failed", "a log-probability of 3, above 0"],
  ["scores that are none", rows((row) => row.map(() => null)), "diverged", "a log-probability is NaN"],
  ["scores too few", rows((row) => row.slice(1)), "model-failed", "the server's answer cannot be read"],
  [
    "a norm below 0",
    of("optim_step", () => ({ metrics: { grad_norm: -5 } })),
    "diverged",
    "the gradient's norm is -5",
  ],
  [
    "a checkpoint under another kind of name",
    of("save_weights", (r) => ({ ...r, path: "/some/file" })),
    "model-failed",
    'saved weights to "/some/file"',
  ],
  [
    "other weights under the same name",
    (() => {
      let first: unknown;
      return of("save_weights_for_sampler", (r) => {
        first ??= r.path;
        return { ...r, path: first };
      });
    })(),
    "model-failed",
    "saved other weights under the same path",
  ],
  [
    "another model's checkpoint",
    of("save_weights", (r) => ({ ...r, path: "tinker://other/weights/x" })),
    "bad-checkpoint",
    "there is no checkpoint tinker://other/weights/x",
  ],
])("%s", async (_, lie, code, message) => {
  const from = message.startsWith("the gradient") ? "step" : "open";
  await expect(onLiar(lie, { from })).rejects.toMatchObject({
    code,
    message: expect.stringContaining(message),
  });
});

test("an answer that went on after the token that ends it", async () => {
  const server = await startOwnServer();
  const [stop] = server.settings.tokenizer.stopIds;
  await server.close();
  const lie = samples(() => ({ stop_reason: "length", tokens: [5, stop, 7], logprobs: [-1, -1, -1] }));
  await expect(onLiar(lie)).rejects.toThrow(`it went on after token ${stop}`);
});

test("weights that move between their scores and their gradient", async () => {
  let moved = 0;
  const lie = rows((row) => {
    moved += 0.2;
    return row.map((logprob) => logprob - moved);
  });
  await expect(onLiar(lie, { from: "step" })).rejects.toThrow(
    "the server's weights are not those that it scored",
  );
});

test("two models with one id", async () => {
  let first: unknown;
  const lie = of("create_model", (r) => {
    first ??= r.model_id;
    return { ...r, model_id: first };
  });
  await expect(onLiar(lie)).rejects.toMatchObject({ code: "model-failed" });
});

test.each<[string, Lie, string]>([
  [
    "no id of a session",
    ({ path }) => (path === "create_session" ? { session_id: 5 } : undefined),
    "session_id",
  ],
  [
    "no list of models",
    ({ path }) => (path === "get_server_capabilities" ? { supported_models: "all" } : undefined),
    "supported_models must be a list",
  ],
  ["no id of a result", ({ path }) => (path === "asample" ? {} : undefined), "without a request_id"],
])("%s is the server's fault", async (_, lie, message) => {
  await expect(onLiar(lie)).rejects.toMatchObject({
    code: "model-failed",
    message: expect.stringContaining(message),
  });
});

test("a server elsewhere is said at once, and not followed", async () => {
  const lie: Lie = () =>
    new Response(null, { status: 302, headers: { location: "https://elsewhere.test/login" } });
  await expect(onLiar(lie)).rejects.toMatchObject({
    code: "model-failed",
    message: expect.stringContaining("on to https://elsewhere.test/login"),
  });
});

test.each<[string, () => Response]>([
  ["try again", () => Response.json({ type: "try_again", request_id: "1", queue_state: "active" })],
  ["gone", () => Response.json({ detail: "gone" }, { status: 410 })],
])("a server that says %s for ever is not asked without end", async (_, answer) => {
  let polls = 0;
  const lie: Lie = ({ path }) => {
    if (path !== "retrieve_future") return undefined;
    polls++;
    return answer();
  };
  await expect(onLiar(lie, { from: "step", timeout: 2 })).rejects.toThrow(
    "no result of asample came in time",
  );
  expect(polls).toBeLessThan(6 * 120);
});

test("a model of an engine that could not be opened leaves the server", async () => {
  const server = await startOwnServer({ maxModels: 2 });
  const liar = await createLiar(
    server.url,
    of("optim_step", () => ({ metrics: {} })),
  );
  const open = (baseUrl: string) => createTinkerEngine({ ...server.settings, baseUrl });
  for (let i = 0; i < 3; i++)
    await expect(open(liar.url)).rejects.toThrow("cannot be found out: it tells no norm");
  await (await open(server.url)).close();
  await liar.close();
  await server.close();
});

test("steps that are none are refused before anything is sent", async () => {
  const server = await startOwnServer();
  const engine = await createTinkerEngine(server.settings);
  const data: readonly Datum[] = await sampledData(engine, 1);
  await engine.forwardBackward(data, POLICY);
  await expect(engine.optimStep({ learningRate: -1 })).rejects.toMatchObject({ code: "bad-argument" });
  const { gradNorm } = await engine.optimStep({ learningRate: 0 });
  expect(gradNorm).toBeGreaterThan(0);
  await engine.close();
  await server.close();
});

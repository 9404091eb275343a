import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createOnnxEngine } from "@rrr/engine-onnx";
import type { Json } from "@rrr/tinker-protocol";
import { microModel } from "@rrr/trainer/testing";
import { onTestFinished } from "vitest";
import { createTinkerHandler, type TinkerSettings } from "../src/index.ts";

export interface Answer {
  readonly status: number;
  readonly body: Json;
}

/** What a client of the protocol says, request by request, to a handler with the small model. */
export interface Client {
  post(path: string, body: object | string, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  postBytes(path: string, body: Uint8Array, headers: Readonly<Record<string, string>>): Promise<Answer>;
  /** The result of a call. */
  result(path: string, body: object): Promise<Json>;
  request(method: string, path: string): Promise<Response>;
  /** A session and a model of it, ready. */
  model(): Promise<string>;
  readonly folder: string;
}

export async function createClient(settings: Partial<TinkerSettings> = {}): Promise<Client> {
  const folder = await mkdtemp(join(tmpdir(), "rrr-server-"));
  const model = microModel(1);
  const open = () => createOnnxEngine(model, { rows: 8, threads: 1 });
  const served = { name: "micro", contextLength: 128, trains: "full", open } as const;
  const { handle, close } = createTinkerHandler({ models: [served], folder, ...settings });
  onTestFinished(async () => {
    await close();
    await rm(folder, { recursive: true, force: true });
  });
  const url = (path: string): string => `http://localhost/api/v1/${path}`;

  const send = async (
    path: string,
    body: string | Uint8Array<ArrayBuffer>,
    headers: Readonly<Record<string, string>>,
  ) => {
    const response = await handle(new Request(url(path), { method: "POST", headers, body }));
    return { status: response.status, body: (await response.json()) as Json };
  };
  const post: Client["post"] = (path, body, headers = {}) =>
    send(path, typeof body === "string" ? body : JSON.stringify(body), {
      "content-type": "application/json",
      ...headers,
    });
  const result: Client["result"] = async (path, body) => {
    const { body: future } = await post(path, body);
    for (;;) {
      const answer = await post("retrieve_future", { request_id: future.request_id });
      if (answer.body.type !== "try_again") return answer.body;
    }
  };
  return {
    post,
    postBytes: (path, body, headers) => send(path, new Uint8Array(body), headers),
    result,
    folder,
    request: (method, path) => handle(new Request(url(path), { method })),
    async model() {
      const { body } = await post("create_session", { type: "create_session" });
      const created = await result("create_model", {
        session_id: body.session_id,
        model_seq_id: 0,
        base_model: "micro",
      });
      return String(created.model_id);
    },
  };
}

/** The body of `forward_backward` for one sequence: the targets are its tokens, one on. */
export function trainingBody(
  model_id: string,
  seq_id: number,
  tokens: readonly number[],
  loss = "cross_entropy",
): object {
  const length = tokens.length - 1;
  const row = (dtype: string, data: readonly number[]) => ({ dtype, data, shape: [length] });
  const ones = new Array(length).fill(1);
  const loss_fn_inputs = {
    target_tokens: row("int64", tokens.slice(1)),
    weights: row("float32", ones),
    ...(loss === "cross_entropy"
      ? {}
      : {
          advantages: row("float32", ones),
          logprobs: row(
            "float32",
            ones.map(() => -3),
          ),
        }),
  };
  const model_input = { chunks: [{ type: "encoded_text", tokens: tokens.slice(0, -1) }] };
  return {
    model_id,
    seq_id,
    forward_backward_input: { data: [{ model_input, loss_fn_inputs }], loss_fn: loss },
  };
}

export function stepBody(model_id: string, seq_id: number, learning_rate = 0.01): object {
  return { model_id, seq_id, adam_params: { learning_rate } };
}

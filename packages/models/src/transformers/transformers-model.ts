import { setMaxListeners } from "node:events";
import {
  apartFromOpened,
  type Model,
  messageOf,
  RrrError,
  type TemplateHistory,
  withHidden,
} from "@rrr/core";
import { abortError, ask } from "./ask.ts";
import { createBatcher } from "./batcher.ts";
import { createChatTokenizer } from "./chat-tokenizer.ts";
import { contextLengthOf, stopIdsOf } from "./limits.ts";
import { load, type TransformersSource } from "./load.ts";
import { runBatch } from "./run-batch.ts";

export interface TransformersModelOptions extends TransformersSource {
  /**
   * Most completions written at once; default 16. What else is in a batch can touch the last bits of an answer's
   * scores, and so, where two tokens tie, the answer; with 1 it cannot.
   */
  readonly batchSize?: number;
}

/** A model in this process; it holds its weights until it is closed. */
export interface TransformersModel extends Model {
  /** Longest sequence (prompt and completion) in tokens; Infinity where the model's files do not say. */
  readonly contextLength: number;
  /** What its chat template makes of earlier answers. */
  readonly history: TemplateHistory;
  /** Rejects what is asked or waits, and frees the weights. */
  close(): Promise<void>;
}

/**
 * A local ONNX model through transformers.js: chat template, batches, sampling by seed. Its `generate` rejects with
 * context-overflow where a prompt leaves no room, with aborted, bad-model, diverged or model-failed.
 * @throws runtime-failed if @huggingface/transformers is not installed, bad-model, bad-argument
 * @example
 * const model = await createTransformersModel({ model: "onnx-community/Qwen3-0.6B-ONNX", dtype: "q4" });
 */
export async function createTransformersModel(options: TransformersModelOptions): Promise<TransformersModel> {
  const { batchSize = 16, ...source } = options;
  checkCount("batchSize", batchSize);
  const loaded = await load(source);
  const { encode, decode, history } = createChatTokenizer(loaded.tokenizer);
  const contextLength = contextLengthOf(loaded.model);
  const stopIds = stopIdsOf(loaded);
  const batcher = createBatcher(batchSize, contextLength, async (rows) => {
    await runBatch(loaded, rows).catch((cause: unknown) => {
      if (RrrError.is(cause)) throw cause;
      throw new RrrError("model-failed", `transformers.js failed: ${messageOf(cause)}`, { cause });
    });
  });
  let closed: RrrError | undefined;

  return {
    id: `transformers:${source.model}${source.dtype === undefined ? "" : ` (${source.dtype})`}`,
    contextLength,
    history,
    async generate(messages, options) {
      const { n = 1, maxTokens: most, signal } = options;
      checkCount("n", n);
      checkCount("maxTokens", most);
      if (closed !== undefined) throw closed;
      if (signal?.aborted === true) throw abortError(signal);
      // A run's requests all listen to one signal; Node takes more than ten for a leak.
      if (signal !== undefined) setMaxListeners(0, signal);
      const prompt = encode(messages);
      const room = contextLength - prompt.length;
      if (room < 1) {
        throw new RrrError(
          "context-overflow",
          `a prompt of ${prompt.length} tokens fills the context of ${contextLength}`,
          {
            hint: "Lower the token limits of attempts and reflections, or use a model with a longer context.",
          },
        );
      }
      const maxTokens = Math.min(most, room);
      const completions = await ask({ prompt, maxTokens, stopIds, decode }, options, batcher.add);
      return completions.map((completion) => apartFromOpened(withHidden(completion, history), history));
    },
    async close() {
      closed = new RrrError("aborted", "the model was closed");
      await batcher.stop(closed);
      await loaded.model.dispose();
    },
  };
}

/** @throws RrrError `bad-argument` */
function checkCount(name: string, value: number): void {
  if (Number.isSafeInteger(value) && value > 0) return;
  throw new RrrError("bad-argument", `${name} is ${value}, not a whole number above 0`);
}

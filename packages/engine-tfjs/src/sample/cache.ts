import type { DecoderConfig } from "@rrr/trainer";
import { HIDDEN, type KeysAndValues, rotate, rowAttention } from "../model/attention.ts";
import { type Attend, type Decoding, decode } from "../model/decoder.ts";
import type { Runtime } from "../runtime/open-runtime.ts";
import type { Tensor, Tf } from "../runtime/tf.ts";

/**
 * What rows have read, of each layer: the prompt's tokens but the last, and what came since. They are kept apart so that
 * every row's own tokens begin at the same place, whatever prompts there are beside it: sums are then the same to the bit.
 */
export interface Cache {
  readonly prompts: readonly KeysAndValues[];
  /** Undefined before the first step. */
  readonly since: readonly KeysAndValues[] | undefined;
  /** Added to scores of prompts' tokens, `[rows, 1, 1, length]`: 0, and `HIDDEN` behind a prompt's end. */
  readonly mask: Tensor;
}

/**
 * Reads prompts.
 * @param prompts different ones, without their last tokens; they may be empty
 * @param pause between batches: throws where reading is of no use any more
 */
export async function readPrompts(
  runtime: Runtime,
  decoding: Decoding,
  prompts: readonly Int32Array[],
  pause: () => Promise<void>,
): Promise<Cache> {
  const { tf } = runtime;
  const { config } = decoding;
  const length = prompts.reduce((most, prompt) => Math.max(most, prompt.length), 1);
  const rows = Math.max(1, Math.floor(runtime.batchTokens / length));
  const parts: (readonly KeysAndValues[])[] = [];
  for (let start = 0; start < prompts.length; start += rows) {
    await pause();
    const own = prompts.slice(start, start + rows);
    const tokens = new Int32Array(own.length * length);
    own.forEach((prompt, row) => {
      tokens.set(prompt, row * length);
    });
    parts.push(
      runtime.tidy(() => {
        const layers: KeysAndValues[] = [];
        decode(
          decoding,
          tokens,
          rowAttention(tf, config, own.length, length, (layer) => layers.push(layer)),
        );
        return layers;
      }),
    );
  }
  return runtime.tidy(() => {
    const layers = Array.from({ length: config.numLayers }, (_, layer) => {
      const joined = (kind: keyof KeysAndValues): Tensor => {
        const whole = tf.concat(
          parts.map((part) => (part[layer] as KeysAndValues)[kind]),
          0,
        );
        for (const part of parts) (part[layer] as KeysAndValues)[kind].dispose();
        return whole;
      };
      return { key: joined("key"), value: joined("value") };
    });
    const mask = new Float32Array(prompts.length * length).fill(HIDDEN);
    prompts.forEach((prompt, row) => {
      mask.fill(0, row * length, row * length + prompt.length);
    });
    return {
      prompts: layers,
      since: undefined,
      mask: tf.tensor4d(mask, [prompts.length, 1, 1, length]),
    };
  });
}

/** The cache with these rows of it alone; the one before is gone. */
export function chooseRows(runtime: Runtime, cache: Cache, rows: readonly number[]): Cache {
  const { tf } = runtime;
  return runtime.tidy(() => {
    const index = tf.tensor1d(Int32Array.from(rows), "int32");
    const chosen = (tensor: Tensor): Tensor => {
      const own = tf.gather(tensor, index);
      tensor.dispose();
      return own;
    };
    const ofLayers = (layers: readonly KeysAndValues[]): readonly KeysAndValues[] =>
      layers.map(({ key, value }) => ({ key: chosen(key), value: chosen(value) }));
    return {
      prompts: ofLayers(cache.prompts),
      since: cache.since && ofLayers(cache.since),
      mask: chosen(cache.mask),
    };
  });
}

export function disposeCache({ prompts, since = [], mask }: Cache): void {
  for (const { key, value } of [...prompts, ...since]) {
    key.dispose();
    value.dispose();
  }
  mask.dispose();
}

/**
 * Attention of one new token a row over what the row has read, itself included.
 * @param turn turns queries and keys to the rows' positions
 * @param since is given what the rows have read since their prompts, of one layer after another
 */
export function stepAttention(
  tf: Tf,
  { headDim, numHeads, numKvHeads }: DecoderConfig,
  cache: Cache,
  turn: (x: Tensor) => Tensor,
  since: KeysAndValues[],
): Attend {
  const scale = 1 / Math.sqrt(headDim);
  return ({ query, key, value }, layer) => {
    const rows = query.shape[0] as number;
    const headsOf = (x: Tensor): Tensor => tf.reshape(x, [rows, -1, headDim]);
    const added = (kind: keyof KeysAndValues, x: Tensor): Tensor => {
      const own = tf.reshape(x, [rows, numKvHeads, 1, headDim]);
      const before = cache.since?.[layer];
      return before === undefined ? own : tf.concat([before[kind], own], 2);
    };
    const own = { key: added("key", turn(headsOf(key))), value: added("value", value) };
    since.push(own);
    const prompt = cache.prompts[layer] as KeysAndValues;
    // Heads that share keys are rows of one matrix.
    const q = tf.reshape(turn(headsOf(query)), [rows, numKvHeads, numHeads / numKvHeads, headDim]);
    const scoresOf = (keys: Tensor): Tensor => tf.mul(tf.matMul(q, keys, false, true), scale);
    const parts = [tf.add(scoresOf(prompt.key), cache.mask), scoresOf(own.key)] as const;
    const top = tf.maximum(tf.max(parts[0], -1, true), tf.max(parts[1], -1, true));
    // Two sums, each from its own first place on: a softmax over both would add up in an order that depends on the prompts.
    const [ofPrompt, ofOwn] = parts.map((scores) => tf.exp(tf.sub(scores, top))) as [Tensor, Tensor];
    const total = tf.add(tf.sum(ofPrompt, -1, true), tf.sum(ofOwn, -1, true));
    const summed = tf.add(tf.matMul(ofPrompt, prompt.value), tf.matMul(ofOwn, own.value));
    const context = tf.div(summed, total);
    return tf.reshape(context, [rows, numHeads * headDim]);
  };
}

/** Turns `[rows, heads, headDim]`, each row to a position of its own. */
export function turning(
  tf: Tf,
  tables: { readonly cos: Float32Array; readonly sin: Float32Array },
  half: number,
  positions: readonly number[],
): (x: Tensor) => Tensor {
  const rowsOfTable = (table: Float32Array): Tensor => {
    const rows = new Float32Array(positions.length * half);
    positions.forEach((position, row) => {
      rows.set(table.subarray(position * half, (position + 1) * half), row * half);
    });
    return tf.tensor3d(rows, [positions.length, 1, half]);
  };
  const [cos, sin] = [rowsOfTable(tables.cos), rowsOfTable(tables.sin)];
  return (x) => rotate(tf, x, cos, sin);
}

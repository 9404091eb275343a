import type { Tensor } from "@huggingface/transformers";
import type { LoadedModel } from "./load.ts";
import type { Row } from "./row.ts";

/**
 * What a model's own generation_config.json may set and a request does not: each would change which text a
 * temperature and a seed give, and make the model another one than the same weights are elsewhere.
 */
const neutral = {
  do_sample: false,
  num_beams: 1,
  num_return_sequences: 1,
  repetition_penalty: 1,
  no_repeat_ngram_size: 0,
  bad_words_ids: null,
  min_length: 0,
  min_new_tokens: null,
  forced_bos_token_id: null,
  forced_eos_token_id: null,
  suppress_tokens: null,
  begin_suppress_tokens: null,
  guidance_scale: null,
  eos_token_id: null,
  return_dict_in_generate: false,
};

/**
 * Runs rows to their ends, all together: prompts are padded on the left to the longest, and rows that have ended
 * go along, unread, until the last one has.
 */
export async function runBatch({ library, model }: LoadedModel, rows: readonly Row[]): Promise<void> {
  const length = Math.max(...rows.map(({ prompt }) => prompt.length));
  const ids = new BigInt64Array(rows.length * length);
  const mask = new BigInt64Array(rows.length * length);
  rows.forEach(({ prompt }, row) => {
    const start = (row + 1) * length - prompt.length;
    ids.set(BigInt64Array.from(prompt, BigInt), start);
    mask.fill(1n, start, start + prompt.length);
  });

  /** Draws the rows' tokens itself and leaves the greedy sampler no choice but these. */
  class Draw extends library.LogitsProcessor {
    override _call(_ids: bigint[][], logits: Tensor): Tensor {
      const scores = logits.data as Float32Array;
      const vocabulary = scores.length / rows.length;
      rows.forEach((row, index) => {
        const own = scores.subarray(index * vocabulary, (index + 1) * vocabulary);
        const token = row.isOver ? 0 : row.write(own);
        own.fill(Number.NEGATIVE_INFINITY);
        own[token] = 0;
      });
      return logits;
    }
  }
  class Over extends library.StoppingCriteria {
    override _call(): boolean[] {
      return rows.map(({ isOver }) => isOver);
    }
  }

  const processors = new library.LogitsProcessorList();
  processors.push(new Draw());
  const criteria = new library.StoppingCriteriaList();
  criteria.push(new Over());
  const shape = [rows.length, length];
  const kwargs = {
    ...neutral,
    max_new_tokens: Math.max(...rows.map(({ maxTokens }) => maxTokens)),
    inputs: new library.Tensor("int64", ids, shape),
    attention_mask: new library.Tensor("int64", mask, shape),
    logits_processor: processors,
    stopping_criteria: criteria,
  };
  // The library's types do not know of null, which is its own default.
  await model.generate(kwargs as unknown as Parameters<typeof model.generate>[0]);
}

import type { PreTrainedModel } from "@huggingface/transformers";
import type { LoadedModel } from "./load.ts";

/** Longest sequence in tokens; Infinity where config.json does not say. */
export function contextLengthOf(model: PreTrainedModel): number {
  const config = model.config as unknown as Readonly<Record<string, unknown>>;
  const inner = config.text_config as Readonly<Record<string, unknown>> | undefined;
  const named = [config.max_position_embeddings, config.n_positions, inner?.max_position_embeddings];
  return (named.find((length) => typeof length === "number" && length > 0) as number | undefined) ?? Infinity;
}

/** Tokens that end the assistant's turn: what the tokenizer, config.json and generation_config.json name. */
export function stopIdsOf({ model, tokenizer }: LoadedModel): ReadonlySet<number> {
  const named = [
    tokenizer.eos_token_id,
    (model.config as { eos_token_id?: unknown }).eos_token_id,
    (model.generation_config as { eos_token_id?: unknown } | undefined | null)?.eos_token_id,
  ].flat();
  return new Set(named.filter((id) => typeof id === "number"));
}

/** A name that every model of this architecture has. */
const EMBEDDING = "model.embed_tokens.weight";
const QUANTISED =
  /\.(qweight|qzeros|scales|g_idx|absmax|SCB|weight_packed|weight_scale(_inv)?|quant_map)$|\.quant_state\./;

/** By the start of names that are not the model's own. */
const WRAPPERS: Readonly<Record<string, string>> = {
  "base_model.model.": "It is a model wrapped by peft: merge_and_unload() first, then save_pretrained().",
  "_orig_mod.": "It was saved while compiled by torch.compile: save model._orig_mod with save_pretrained().",
  "module.": "It was saved while wrapped for several GPUs: save model.module with save_pretrained().",
};

/** What to do where the names of the weights are not those of the model: what saved them is to be seen from them. */
export function hintFor(missing: string, names: readonly string[]): { readonly hint?: string } {
  if (names.some((name) => /\.lora_|^lora_/.test(name))) {
    return {
      hint: "These are weights of an adapter: merge_and_unload() of peft first, then save_pretrained().",
    };
  }
  if (names.some((name) => QUANTISED.test(name))) {
    return { hint: "The weights are quantised: take the model that they were made from." };
  }
  const embedding = names.find((name) => name.endsWith(EMBEDDING) && name !== EMBEDDING);
  if (embedding !== undefined) {
    const prefix = embedding.slice(0, -EMBEDDING.length);
    const known = Object.entries(WRAPPERS).find(([start]) => prefix.startsWith(start))?.[1];
    const shown = JSON.stringify(prefix.slice(0, 80));
    return { hint: known ?? `The names begin with ${shown}: save the model itself, not what is around it.` };
  }
  if (names.includes("embed_tokens.weight")) {
    return {
      hint: "It was saved without its output: load it as AutoModelForCausalLM, then save_pretrained().",
    };
  }
  if (missing === "lm_head.weight") {
    return {
      hint: 'If the model embeds and writes with one matrix, config.json says "tie_word_embeddings": true.',
    };
  }
  return {};
}

import { readdir, stat } from "node:fs/promises";
import { RrrError } from "@rrr/core";
import { show } from "./show.ts";

const CONVERT =
  "In Python: AutoModelForCausalLM.from_pretrained(folder).save_pretrained(new_folder) writes it as safetensors.";

/** What else may lie where weights are looked for, and what to do about it. */
const KINDS: readonly (readonly [pattern: RegExp, what: string, hint: string])[] = [
  [
    /\.gguf$/i,
    "is a model for llama.cpp",
    "Serve it (llama-server -m FILE) and name it as openai:NAME with --base-url; to train, take the model that it was made from.",
  ],
  [
    /^model-\d+-of-\d+\.safetensors$/,
    "is a part of a model without model.safetensors.index.json",
    "Add that file from where the weights are from.",
  ],
  [
    /^adapter_model\./,
    "holds an adapter, not a model",
    "Its adapter_config.json is missing. Or merge it into its model: merge_and_unload() of peft, then save_pretrained().",
  ],
  [/\.(bin|pt|pth|ckpt)$/i, "is a pickle, which can run code and is not read", CONVERT],
  [/\.(h5|msgpack|npz)$/i, "is of a format that is not read", CONVERT],
  [
    /^onnx$|\.onnx$/,
    "is an ONNX model",
    "Such a model is measured with --model transformers:FOLDER; to train, take its safetensors.",
  ],
  [/\.safetensors$/, "is not called model.safetensors", "Rename it, if it is the model's weights."],
];

/** What lies in a folder that has no weights that are read; undefined if nothing of that kind does. */
export async function explainWeights(dir: string): Promise<RrrError | undefined> {
  const kind = await stat(dir).catch(() => undefined);
  if (kind?.isFile()) {
    const [, what, hint] = KINDS.find(([pattern]) => pattern.test(dir)) ?? [];
    return new RrrError("bad-model", `${dir} ${what ?? "is a file"}; a model is a folder`, {
      hint: hint ?? "Give the folder with config.json, tokenizer.json and model.safetensors.",
    });
  }
  const names = (await readdir(dir).catch(() => [])).sort();
  for (const [pattern, what, hint] of KINDS) {
    const name = names.find((each) => pattern.test(each));
    if (name !== undefined) {
      return new RrrError("bad-model", `${dir} has no model.safetensors: ${show(name)} ${what}`, { hint });
    }
  }
  return undefined;
}

import { existsSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import type * as Library from "@huggingface/transformers";
import { messageOf, RrrError } from "@rrr/core";

export type Transformers = typeof Library;

/** Which weights of a model to load, and what to run them on. */
export interface TransformersSource {
  /** A model of the Hugging Face hub by its id, or a folder with `onnx/model.onnx`, config and tokenizer. */
  readonly model: string;
  /** Type of the weights, which is part of the ONNX file's name; default: what config.json names, else `fp32`. */
  readonly dtype?: "fp32" | "fp16" | "q8" | "int8" | "uint8" | "q4" | "q4f16" | "bnb4";
  /** Default `cpu`. */
  readonly device?: "cpu" | "webgpu" | "cuda" | "dml" | "coreml";
  /** Branch, tag or commit of the hub's repository; default `main`. */
  readonly revision?: string;
}

export interface LoadedModel {
  readonly library: Transformers;
  readonly model: Library.PreTrainedModel;
  readonly tokenizer: Library.PreTrainedTokenizer;
}

/**
 * Loads the library, which is only needed by those who use it, and a model with it. A folder never goes online.
 * @throws runtime-failed if the library is missing or does not load, bad-model
 */
export async function load({ model: name, ...settings }: TransformersSource): Promise<LoadedModel> {
  const folder = folderOf(name);
  const library = await loadLibrary();
  const options = { ...settings, local_files_only: folder !== undefined };
  try {
    const tokenizer = await library.AutoTokenizer.from_pretrained(folder ?? name, options);
    const model = await library.AutoModelForCausalLM.from_pretrained(folder ?? name, options);
    return { library, model, tokenizer };
  } catch (cause) {
    throw new RrrError("bad-model", `transformers.js cannot load ${name}: ${messageOf(cause)}`, {
      cause,
      hint:
        folder === undefined
          ? "Check the id, that the model has ONNX files, and the network; or name a folder."
          : "The folder must hold config.json, tokenizer.json, tokenizer_config.json and onnx/model.onnx.",
    });
  }
}

async function loadLibrary(): Promise<Transformers> {
  try {
    return await import("@huggingface/transformers");
  } catch (cause) {
    const reason = messageOf(cause);
    const isMissing = /cannot find (package|module) ['"]@huggingface\/transformers['"]/i.test(reason);
    throw isMissing
      ? new RrrError("runtime-failed", "@huggingface/transformers is not installed", {
          cause,
          hint: "npm install @huggingface/transformers",
        })
      : new RrrError("runtime-failed", `@huggingface/transformers does not load: ${reason}`, {
          cause,
          hint: "Install it again; where its native parts cannot be downloaded, with ONNXRUNTIME_NODE_INSTALL=skip.",
        });
  }
}

/** The absolute path of a folder; undefined for the id of a model on the hub. @throws bad-model */
function folderOf(name: string): string | undefined {
  const isPath = isAbsolute(name) || /^\.{1,2}([/\\]|$)/.test(name) || existsSync(name);
  if (!isPath) return undefined;
  const folder = resolve(name);
  if (existsSync(join(folder, "onnx"))) return folder;
  throw new RrrError("bad-model", `${name} is no folder with ONNX files: it has no folder onnx`, {
    hint: existsSync(join(folder, "model.safetensors"))
      ? "It holds a model that rrr trains: name it without transformers:, or export it to ONNX first."
      : "Export the model to ONNX, or name a model of the Hugging Face hub.",
  });
}

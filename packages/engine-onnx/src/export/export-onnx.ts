import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { RrrError } from "@rrr/core";
import type { ModelFiles, TextFiles } from "@rrr/trainer";
import { toHuggingFaceConfig, writeDirDurably } from "@rrr/trainer";
import { openDecoder } from "./open-decoder.ts";

/** A protobuf message, which an ONNX file is, holds less than 2 GiB. */
const mostBytes = 2 ** 31 - 2 ** 20;

/**
 * Writes a model as transformers.js loads it, in Node.js and in a browser: `onnx/model.onnx` in float32 beside
 * config.json and the tokenizer's files. The folder appears at once, complete, or not at all.
 * @param texts further files by name, e.g. a README.md
 * @throws bad-argument if `dir` exists and is not empty; bad-model if the weights do not fit one ONNX file.
 * @example await exportOnnx(await readModelDir("./my-model"), "./my-model-onnx");
 */
export async function exportOnnx(
  model: ModelFiles,
  dir: string,
  texts: ReadonlyMap<string, string> = new Map(),
): Promise<void> {
  const bytes = [...model.weights.values()].reduce((sum, { data }) => sum + data.byteLength, 0);
  if (bytes > mostBytes) {
    throw new RrrError(
      "bad-model",
      `the model's weights are ${(bytes / 2 ** 30).toFixed(1)} GiB in float32, and an ONNX file holds 2`,
      { hint: "Export it with Optimum (optimum-cli export onnx), which can split the weights off." },
    );
  }
  await writeDirDurably(dir, async (temporary) => {
    for (const [name, text] of [...textFiles(model), ...texts]) await writeFile(join(temporary, name), text);
    await mkdir(join(temporary, "onnx"));
    await writeFile(join(temporary, "onnx", "model.onnx"), openDecoder(model.config, model.weights));
  });
}

/** The model's own files, and what transformers.js needs to know beside them. */
function textFiles({ config, files, tokenizer }: ModelFiles): TextFiles {
  const known = JSON.parse(files.get("config.json") ?? "null") ?? toHuggingFaceConfig(config);
  // Where nobody names a type of weights, browsers look for quantised ones.
  const own = { ...known, "transformers.js_config": { dtype: "fp32" } };
  return new Map([
    ["generation_config.json", toText({ eos_token_id: tokenizer.stopIds })],
    ...files,
    ["config.json", toText(own)],
    ...withTemplate(files),
  ]);
}

/** transformers.js looks for a chat template in tokenizer_config.json alone. */
function withTemplate(files: TextFiles): TextFiles {
  const template = files.get("chat_template.jinja");
  if (template === undefined) return new Map();
  const config = JSON.parse(files.get("tokenizer_config.json") ?? "{}");
  return new Map([["tokenizer_config.json", toText({ ...config, chat_template: template })]]);
}

function toText(json: unknown): string {
  return `${JSON.stringify(json, null, 2)}\n`;
}

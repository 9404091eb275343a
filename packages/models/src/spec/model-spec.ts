import { nearestName, RrrError } from "@rrr/core";

/** Which model is meant, as `--model` names it. */
export type ModelSpec =
  /** A model of an OpenAI-compatible server. */
  | { readonly kind: "openai"; readonly name: string }
  /** A local ONNX model: an id of the Hugging Face hub, or a folder. */
  | { readonly kind: "transformers"; readonly name: string }
  /** A folder in Hugging Face layout, which rrr can train. */
  | { readonly kind: "folder"; readonly path: string }
  /** The small model that comes with rrr for a task. */
  | { readonly kind: "builtin" };

const PREFIXES = ["openai", "transformers"] as const;
const FORMS = "openai:NAME, transformers:ID, ./folder or builtin";

/**
 * Reads `openai:gpt-4o-mini`, `transformers:org/model`, `./folder` (or any path with a slash) and `builtin`.
 * @throws RrrError `bad-argument` that suggests what may have been meant
 */
export function parseModelSpec(text: string): ModelSpec {
  if (text === "builtin") return { kind: "builtin" };
  const [, prefix, name] = /^([^:/\\]{2,}):(.*)$/s.exec(text) ?? [];
  if (prefix === undefined || name === undefined) {
    if (isPath(text)) return { kind: "folder", path: text };
    throw unknown(text, guess(text));
  }
  const kind = PREFIXES.find((each) => each === prefix);
  if (kind === undefined) {
    const nearest = nearestName(prefix.toLowerCase(), PREFIXES);
    throw unknown(text, nearest && `${nearest}:${name}`);
  }
  if (name.trim() !== "") return { kind, name };
  throw new RrrError("bad-argument", `the model ${JSON.stringify(text)} lacks a name`, {
    hint: `Write ${kind === "openai" ? "openai:gpt-4o-mini" : "transformers:onnx-community/Qwen3-0.6B-ONNX"}, for example.`,
  });
}

/** `C:\models` is one too: a prefix has two letters or more. */
function isPath(text: string): boolean {
  return /[/\\]/.test(text) || /^\.{1,2}$/.test(text);
}

function guess(text: string): string | undefined {
  const known = nearestName(text.toLowerCase(), ["builtin", ...PREFIXES]);
  if (known !== undefined && text !== "") return known === "builtin" ? known : `${known}:NAME`;
  return /^(gpt|o\d|chatgpt)\b/i.test(text) ? `openai:${text}` : undefined;
}

function unknown(text: string, meant: string | undefined): RrrError {
  return new RrrError("bad-argument", `no model is called ${JSON.stringify(text)}`, {
    hint: `${meant === undefined ? "" : `Did you mean ${meant}? `}A model is ${FORMS}; \`rrr models\` lists them.`,
  });
}

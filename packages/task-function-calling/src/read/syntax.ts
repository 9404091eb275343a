/** The families of syntaxes in which models write calls; the README has an example of each. */
export const SYNTAXES = [
  "json",
  "llama",
  "keyed",
  "python",
  "function-tag",
  "qwen-xml",
  "invoke",
  "mistral",
  "deepseek",
  "kimi",
  "glm",
] as const;

export type Syntax = (typeof SYNTAXES)[number];

/** `auto`: every syntax is read. One alone: a call in any other is malformed. */
export type Format = "auto" | Syntax;

import { columns } from "../output/columns.ts";
import type { NamedModels } from "./named-models.ts";

/** What `--model` takes: a line a form, with what is missing for it, then what can be named here. */
export function modelsText({ builtin, openai, transformers, checkpoints }: NamedModels): string {
  const { keyVariable, keyIsSet, server } = openai;
  const forms = columns([
    ["builtin", "comes with rrr, can be trained", `ready; with one of its own: ${builtin.join(", ")}`],
    ["./folder", "in Hugging Face layout, can be trained", "ready"],
    [
      "openai:NAME",
      "of an OpenAI-compatible server",
      keyIsSet
        ? `ready; ${keyVariable} is set`
        : `needs ${keyVariable}, or --base-url of a server without keys`,
    ],
    [
      "transformers:ID",
      "of the Hugging Face hub or a folder, as ONNX",
      transformers.isInstalled ? "ready" : "needs npm install @huggingface/transformers",
    ],
  ]);
  return [
    forms,
    list("Newest checkpoints", checkpoints),
    server && list(server.baseURL, named(server.models)),
  ]
    .filter(Boolean)
    .join("\n");
}

function named(models: readonly string[]): readonly string[] {
  return models.map((name) => `openai:${name}`);
}

function list(title: string, names: readonly string[]): string {
  return names.length === 0 ? "" : `${title}\n${names.map((name) => `  ${name}\n`).join("")}`;
}

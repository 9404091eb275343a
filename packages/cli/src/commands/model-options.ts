/** Options of every command that asks a model without training it. */
import type { Command } from "commander";
import { dollars, duration, nonEmpty, wholeNumber } from "./option-values.ts";

export interface ModelFlags {
  readonly model: string;
  readonly baseUrl?: string;
  readonly apiKeyEnv?: string;
  readonly maxTokensTotal?: number;
  /** US dollars. */
  readonly maxCost?: number;
  /** Milliseconds. */
  readonly maxTime?: number;
  readonly prices?: string;
  /** Default: 64 for models behind a server, 1,024 for others. */
  readonly concurrency?: number;
  /** Default: on for models behind a server. */
  readonly cache?: boolean;
}

export function addModelOptions(command: Command): Command {
  return command
    .option("--model <name>", "builtin, ./folder, openai:NAME or transformers:ID", nonEmpty, "builtin")
    .option(
      "--base-url <url>",
      "server of openai:NAME, e.g. http://127.0.0.1:8080/v1 (default: OpenAI's)",
      nonEmpty,
    )
    .option(
      "--api-key-env <name>",
      "environment variable that holds the key (default: OPENAI_API_KEY)",
      nonEmpty,
    )
    .option(
      "--max-tokens-total <n>",
      "end before more tokens than this are used, prompts included",
      wholeNumber(1),
    )
    .option("--max-cost <usd>", "end before it costs more US dollars than this; needs --prices", dollars)
    .option("--max-time <time>", "ask nothing more after this time, e.g. 30m or 2h", duration)
    .option(
      "--concurrency <n>",
      "problems under way at once (default: 64 for openai:NAME, 1024 for others)",
      wholeNumber(1),
    )
    .option(
      "--prices <file>",
      'JSON: {"NAME": {"input": 0.15, "output": 0.6}}, US dollars per million tokens',
      nonEmpty,
    )
    .option("--cache", "keep answers on disk and use kept ones (default for openai:NAME)")
    .option("--no-cache", "ask for every answer");
}

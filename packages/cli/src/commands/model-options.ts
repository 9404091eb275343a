/** Options of every command that asks a model without training it. */
import type { Command } from "commander";
import { dollars, duration, nonEmpty, wholeNumber } from "./option-values.ts";
import { collectHeader, jsonObject } from "./request-options.ts";

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
  readonly reasoningEffort?: string;
  /** Milliseconds. */
  readonly timeout?: number;
  readonly stream?: true;
  /** Values by names. */
  readonly header?: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, unknown>>;
}

export function addModelOptions(command: Command): Command {
  return command
    .option("--model <name>", "builtin, ./folder, openai:NAME or transformers:ID", nonEmpty, "builtin")
    .option(
      "--base-url <url>",
      "server of openai:NAME, e.g. http://127.0.0.1:8080/v1 (default: OPENAI_BASE_URL, else OpenAI's)",
      nonEmpty,
    )
    .option(
      "--api-key-env <name>",
      "environment variable that holds the key (default: OPENAI_API_KEY)",
      nonEmpty,
    )
    .option("--reasoning-effort <level>", "how much a model that reasons is to think, e.g. low", nonEmpty)
    .option("--timeout <time>", "longest wait for one answer, e.g. 90s (default: 10m)", duration)
    .option("--stream", "answers in pieces, where a proxy ends connections that are silent")
    .option("--header <name:value>", "a header of requests; may be given again", collectHeader)
    .option(
      "--body <json>",
      'fields of requests, e.g. \'{"top_p": 0.9, "seed": null}\'; null leaves a field out',
      jsonObject,
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

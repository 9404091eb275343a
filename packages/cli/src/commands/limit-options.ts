/** How long a turn may be: options of every command that asks a model. */
import type { TokenLimits } from "@rrr/core";
import type { RunRequest } from "@rrr/runs";
import type { Command } from "commander";
import { wholeNumber } from "./option-values.ts";

export interface LimitFlags {
  readonly maxTokens?: number;
  readonly maxTokensAttempt?: number;
  readonly maxTokensReflection?: number;
  readonly maxTokensRetry?: number;
}

export function addLimitOptions(command: Command): Command {
  return command
    .option(
      "--max-tokens <n>",
      "most tokens of each turn (default: the task's own, or what suits the model)",
      wholeNumber(1),
    )
    .option("--max-tokens-attempt <n>", "most tokens of an attempt", wholeNumber(1))
    .option("--max-tokens-reflection <n>", "most tokens of a reflection", wholeNumber(1))
    .option("--max-tokens-retry <n>", "most tokens of a retry", wholeNumber(1));
}

/** What was said of limits, and what of it a configuration said. */
export type RequestedLimits = Required<Pick<RunRequest, "limits" | "configured">>;

const OPTIONS = {
  attempt: "maxTokensAttempt",
  reflection: "maxTokensReflection",
  retry: "maxTokensRetry",
} as const;

/**
 * What was said of limits, and what of it and of the preset a configuration said. The command line wins: its
 * `--max-tokens` over a configuration's `maxTokensRetry`.
 */
export function toRequestedLimits(
  flags: LimitFlags & { readonly configuredTaskOptions?: readonly string[] },
  command: Command,
): RequestedLimits {
  const limits: { -readonly [Turn in keyof TokenLimits]?: number } = {};
  const configured: ("preset" | keyof TokenLimits)[] = [];
  const isConfigured = (option: keyof LimitFlags): boolean =>
    command.getOptionValueSource(option) === "config";
  for (const turn of ["attempt", "reflection", "retry"] as const) {
    const said = ([OPTIONS[turn], "maxTokens"] as const).filter((option) => flags[option] !== undefined);
    const option = said.find((each) => !isConfigured(each)) ?? said[0];
    if (option === undefined) continue;
    limits[turn] = flags[option] as number;
    if (isConfigured(option)) configured.push(turn);
  }
  if (flags.configuredTaskOptions?.includes("preset")) configured.push("preset");
  return { limits, configured };
}

/** How retries are asked for: options of every command that asks for some. */
import type { RunRequest } from "@rrr/runs";
import { type Command, Option } from "commander";
import { number } from "./option-values.ts";

export interface RetryFlags {
  readonly retryLayout?: "conversation" | "note";
  readonly retryTemperature?: number;
}

export function addRetryOptions(command: Command): Command {
  return addRetryLayoutOption(command).option(
    "--retry-temperature <t>",
    "of retries alone; 0 is greedy (default: as for attempts)",
    number(0, 2),
  );
}

export function addRetryLayoutOption(command: Command): Command {
  return command.addOption(
    new Option(
      "--retry-layout <name>",
      "whether retries see the failed attempt, or only the reflection (default: the task's)",
    ).choices(["conversation", "note"]),
  );
}

export function toRetryRequest({
  retryLayout,
  retryTemperature,
}: RetryFlags): Required<Pick<RunRequest, "retry">> {
  return {
    retry: {
      ...(retryLayout === undefined ? {} : { layout: retryLayout }),
      ...(retryTemperature === undefined ? {} : { temperature: retryTemperature }),
    },
  };
}

import { Command } from "commander";
import type { ClearFlags } from "../cache/clear-cache.ts";
import { print, printJson } from "../output/print.ts";
import { duration, nonEmpty } from "./option-values.ts";

export function cacheCommand(): Command {
  return new Command("cache")
    .summary("show or clear the answers that are kept on disk")
    .description(
      "Shows where the answers of models are kept, and how much of each model. The cache is in $RRR_CACHE_DIR, else\n" +
        "in rrr below $XDG_CACHE_HOME, else in ~/.cache/rrr. It holds answers, no prompts and no keys.",
    )
    .option("--json", "one JSON document on standard output")
    .action(async (flags: { readonly json?: true }) => {
      const { readCacheContents, responseCachePath } = await import("@rrr/models");
      const { cacheText } = await import("../cache/cache-text.ts");
      const contents = await readCacheContents(responseCachePath());
      if (flags.json) printJson(contents);
      else print(cacheText(contents, Date.now()));
    })
    .addCommand(clearCommand());
}

function clearCommand(): Command {
  return new Command("clear")
    .summary("remove kept answers")
    .description("Removes what is kept of a model, or what is older than a time, or everything.")
    .option("--model <name>", "of this model only, as `rrr cache` lists it", nonEmpty)
    .option("--older-than <time>", "kept longer ago than this, e.g. 30d", duration)
    .option("--yes", "do not ask")
    .addHelpText(
      "after",
      `
Examples:
  rrr cache clear                                 asks first
  rrr cache clear --model gpt-4o-mini --yes
  rrr cache clear --older-than 30d --yes`,
    )
    .action(async (_, command: Command) => {
      const { clear } = await import("../cache/clear-cache.ts");
      await clear(command.optsWithGlobals<ClearFlags>());
    });
}

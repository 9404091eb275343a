import { Command, Option } from "commander";
import type { ClearFlags } from "../cache/clear-cache.ts";
import { print, printJson } from "../output/print.ts";
import { duration, nonEmpty } from "./option-values.ts";

export function cacheCommand(): Command {
  return new Command("cache")
    .summary("show or clear the answers and indexes that are kept on disk")
    .description(
      "Shows where the answers of models are kept, and how much of each model; and what the search indexes of `rrr view`\n" +
        "take. The cache is in $RRR_CACHE_DIR, else in rrr below $XDG_CACHE_HOME, else in ~/.cache/rrr. It holds answers,\n" +
        "no prompts and no keys; an index holds the words of a run.",
    )
    .option("--json", "one JSON document on standard output")
    .action(async (flags: { readonly json?: true }) => {
      const { readCacheContents, responseCachePath } = await import("@rrr/models");
      const { readIndexFolder } = await import("@rrr/runs");
      const { cacheText, indexesText } = await import("../cache/cache-text.ts");
      const { indexFolder } = await import("../cache/index-folder.ts");
      const contents = await readCacheContents(responseCachePath());
      const indexes = readIndexFolder(indexFolder());
      if (flags.json) printJson({ ...contents, indexes });
      else print(cacheText(contents, Date.now()) + indexesText(indexes));
    })
    .addCommand(clearCommand());
}

function clearCommand(): Command {
  return new Command("clear")
    .summary("remove kept answers and indexes")
    .description(
      "Removes what is kept of a model, or what is older than a time, or the indexes, or everything.",
    )
    .option("--model <name>", "of this model only, as `rrr cache` lists it", nonEmpty)
    .option("--older-than <time>", "kept longer ago than this, e.g. 30d", duration)
    .addOption(
      new Option(
        "--indexes",
        "only the search indexes of `rrr view`, which are made again: nothing is asked",
      ).conflicts("model"),
    )
    .option("--yes", "do not ask")
    .addHelpText(
      "after",
      `
Examples:
  rrr cache clear                                 asks first
  rrr cache clear --model gpt-4o-mini --yes
  rrr cache clear --older-than 30d --yes
  rrr cache clear --indexes`,
    )
    .action(async (_, command: Command) => {
      const { clear } = await import("../cache/clear-cache.ts");
      await clear(command.optsWithGlobals<ClearFlags>());
    });
}

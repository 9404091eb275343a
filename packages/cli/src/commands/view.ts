import { Command } from "commander";
import type { ViewFlags } from "../view/view.ts";
import { wholeNumber } from "./option-values.ts";

export function viewCommand(): Command {
  return new Command("view")
    .summary("look at runs in a browser, while they go on and afterwards")
    .description(
      "A page on this machine: runs and their learning curves, every episode with its texts, verdicts and tokens, and\n" +
        "two runs problem by problem. It reads runs, and neither writes to them nor loads code that they name.",
    )
    .argument("[runs...]", "runs by name or folder (default: all below runs/)")
    .option(
      "--port <n>",
      "port to listen on; 0 takes a free one (default: 8411, or a free one)",
      wholeNumber(0),
    )
    .option("--no-open", "print the address, and open no browser")
    .option("--json", "the address as one JSON document on standard output")
    .addHelpText(
      "after",
      `
It listens on 127.0.0.1 alone, and goes on until Ctrl-C. The address has a token in it: who has not got it sees nothing.
A search index of each run is kept in rrr's cache folder, never in the run's.

Examples:
  rrr view
  rrr view mini large --no-open --port 9000`,
    )
    .action(async (runs: readonly string[], flags: ViewFlags) => {
      const { view } = await import("../view/view.ts");
      await view(runs, flags);
    });
}

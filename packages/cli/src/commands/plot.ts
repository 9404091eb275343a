import { Command, Option } from "commander";
import { PICTURES, type PlotFlags } from "../plot/plot-flags.ts";
import { nonEmpty, wholeNumber } from "./option-values.ts";

export function plotCommand(): Command {
  return new Command("plot")
    .summary("learning curves, or before/after bars, as SVG or PNG")
    .description(
      "Draws runs for a page or a paper, finished or not: their curves by training step, one over another, or what a\n" +
        "run's result table says as bars. An SVG needs no other file; a PNG has about 300 dots an inch.",
    )
    .argument("<runs...>", "folders of runs, or their names below runs/")
    .requiredOption("--out <file>", "where to; its ending says how: .svg or .png", nonEmpty)
    .addOption(
      new Option(
        "--what <name>",
        "what to draw (default: curves, or bars of a run without training)",
      ).choices(PICTURES),
    )
    .option("--width <pixels>", "of the picture (default: 960, bars 760)", wholeNumber(320))
    .option("--title <text>", "above it (default: what was run)", nonEmpty)
    .addHelpText(
      "after",
      `
Examples:
  rrr plot runs/a --out curves.svg
  rrr plot runs/a runs/b --out curves.png              curves of both, one over another
  rrr plot runs/a --what bars --out result.svg`,
    )
    .action(async (names: readonly string[], flags: PlotFlags) => {
      const { plot } = await import("../plot/plot.ts");
      await plot(names, flags);
    });
}

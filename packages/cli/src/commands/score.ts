import { Command } from "commander";
import type { ScoreFlags } from "../runs/score.ts";
import { addAllowOption } from "./allow-option.ts";
import { nonEmpty } from "./option-values.ts";

export function scoreCommand(): Command {
  return addAllowOption(new Command("score"))
    .summary("a run's score by its task's own definition, e.g. the leaderboard's")
    .description(
      "What a run comes to by the definition that its task has for its data: by category, with the means that are\n" +
        "made of them. Problems that errored count as failed. The plugin of a run from elsewhere is loaded only if --plugin\n" +
        "or --allow names it.",
    )
    .argument("<run>", "folder of the run, or its name below runs/")
    .option("--plugin <name>", "another plugin than the one that the run was made with", nonEmpty)
    .option("--json", "one object on standard output")
    .addHelpText(
      "after",
      `
Examples:
  rrr eval function-calling --data ./bfcl --split all --no-controls --temperature 0 --model openai:qwen3-4b --out runs/q
  rrr score runs/q`,
    )
    .action(async (name: string, flags: ScoreFlags) => {
      const { score } = await import("../runs/score.ts");
      await score(name, flags);
    });
}

import { Command } from "commander";
import type { ReverifyFlags } from "../runs/reverify.ts";
import { addAllowOption } from "./allow-option.ts";
import { addIsolationOption } from "./isolation-option.ts";
import { nonEmpty } from "./option-values.ts";

export function reverifyCommand(): Command {
  return addAllowOption(addIsolationOption(new Command("reverify")))
    .summary("check a run's answers again with the task as it is now")
    .description(
      "Checks every stored answer once more with the verifier as it is now, and lists the verdicts that changed.\n" +
        "No model is asked, and the run stays as it is. The plugin of a run from elsewhere is loaded only if --plugin or\n" +
        "--allow names it.",
    )
    .argument("<run>", "folder of the run, or its name below runs/")
    .option("--plugin <name>", "another plugin than the one that the run was made with", nonEmpty)
    .option("--json", "JSON Lines on standard output: a line a changed verdict, then the counts")
    .action(async (name: string, flags: ReverifyFlags) => {
      const { reverifyRun } = await import("../runs/reverify.ts");
      await reverifyRun(name, flags);
    });
}

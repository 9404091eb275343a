import type { IsolationSettings } from "@rrr/plugins";
import { Command } from "commander";
import { addIsolationOption } from "./isolation-option.ts";
import { addTaskOptions, type TaskFlags, toTaskOptions } from "./task-options.ts";

interface VerifyFlags extends TaskFlags, IsolationSettings {
  readonly quiet?: true;
}

export function verifyCommand(): Command {
  return addIsolationOption(addTaskOptions(new Command("verify")))
    .summary("score completions that any program produced")
    .description(
      'Reads JSON Lines, {"item": …, "completion": "…"} on each, from files or standard input. Writes one verdict\n' +
        "a line, in the same order. A line that cannot be checked gives an invalid verdict and the rest goes on.",
    )
    .argument("<plugin>", "short name, package or path of the task")
    .argument("[files...]", "JSON Lines files; none, or -, is standard input")
    .option("--quiet", "no summary on standard error")
    .addHelpText(
      "after",
      `
Verdicts:
  {"kind":"pass"}
  {"kind":"fail","code":"wrong-value","detail":"…"}
  {"kind":"invalid","line":3,"code":"bad-item","detail":"…"}

Example:
  echo '{"item": {"numbers": [25, 7, 8], "target": 24}, "completion": "<answer>25 + 7 - 8</answer>"}' \\
    | rrr verify countdown`,
    )
    .action(async (plugin: string, files: readonly string[], flags: VerifyFlags) => {
      const { verify } = await import("../verify/verify.ts");
      const { isolatePlugin, loadTask } = await import("@rrr/plugins");
      const options = toTaskOptions(flags);
      const task = await isolatePlugin(await loadTask(plugin, options, process.cwd()), options, flags);
      await verify(task, files, flags.quiet === true);
      await task.close();
    });
}

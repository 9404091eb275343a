import { Command } from "commander";

export function runsCommand(): Command {
  return new Command("runs")
    .summary("list the runs below runs/")
    .description("The runs of this folder, the newest first, with the figures of their last evaluation.")
    .option("--json", "one object on standard output")
    .action(async (flags: { readonly json?: true }) => {
      const { listRuns } = await import("@rrr/runs");
      const { runsText } = await import("../runs/runs-text.ts");
      const { terminalColumns } = await import("../output/terminal-columns.ts");
      const runs = listRuns(process.cwd());
      const text = flags.json
        ? `${JSON.stringify(runs)}\n`
        : runsText(runs, { columns: terminalColumns(process.stdout) });
      process.stdout.write(text);
    });
}

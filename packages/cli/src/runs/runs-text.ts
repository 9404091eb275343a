import { type ListedRun, percent, plainTable } from "@rrr/runs";

/** The list of runs as a table. */
export function runsText(runs: readonly ListedRun[]): string {
  if (runs.length === 0) return "No runs below runs/. `rrr run` and `rrr eval` make them.\n";
  const share = (value: number | undefined): string => (value === undefined ? "–" : percent(value));
  const rows = runs.map((run) =>
    "error" in run
      ? [run.name, "cannot be read"]
      : [
          ...[run.name, run.command, run.model, run.status, String(run.problems ?? "–")],
          ...[share(run.first), share(run.after)],
        ],
  );
  return `${plainTable(["run", "", "model", "", "problems", "first try", "after reflection"], rows)}\n`;
}

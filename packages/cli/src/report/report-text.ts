import { findings } from "./findings.ts";
import type { Result } from "./result.ts";
import { renderTable } from "./table.ts";

/** The whole report of a run, as it is printed and kept in report.txt. */
export function reportText(result: Result): string {
  const { task, model, seed, steps, reward, before } = result;
  const trained =
    steps === 0 ? "not trained" : `${steps} steps${reward === "random" ? ", RANDOM rewards" : ""}`;
  const name = model === "builtin" ? "built-in model" : `model ${model}`;
  const title = `${task} · ${name} · ${before.problems} held-out problems · seed ${seed} · ${trained}`;
  const note = "95 % intervals: Wilson; differences in points with Newcombe's; p: McNemar's exact test.";
  return `${[title, renderTable(result), note, findings(result).join("\n")].join("\n\n")}\n`;
}

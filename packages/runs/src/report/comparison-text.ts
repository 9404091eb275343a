import { basename } from "node:path";
import { type Measure, measuresOf } from "@rrr/trainer";
import type { Flip, RunComparison } from "../read/compare-runs.ts";
import { comparisonCells, conclusionOf, figuresOf } from "./conclusion.ts";
import { figuresTable } from "./figures-table.ts";
import { missingText } from "./findings.ts";
import { percent } from "./format.ts";
import { labelOf } from "./labels.ts";
import { share } from "./numbers.ts";
import { noteOf, unfinishedNote } from "./report-text.ts";
import { answerRows, type ResultRows } from "./result-table.ts";
import { type Layout, wrapText } from "./wrap-text.ts";

/** Problems that are listed one by one; --json has them all. */
const LISTED = 5;

export function comparisonText(comparison: RunComparison, layout: Layout = {}): string {
  const { runs, problems, flips, settings } = comparison;
  const [a, b] = runs;
  const names = runs.map(({ model, folder, stage }) => {
    const when = stage === "evaluate" ? "" : `, ${stage}`;
    return `${model} (${basename(folder)}${when})`;
  });
  const title = `${a.task === b.task ? a.task : `${a.task} and ${b.task}`} · ${problems} problems, paired`;
  return `${[
    wrapText(title, layout),
    figuresTable(comparisonRows(comparison), layout),
    names.map((name, i) => wrapText(name, layout, `${"AB"[i]}  `)).join("\n"),
    wrapText(noteOf(Math.max(a.summary.samples, b.summary.samples)), layout),
    comparisonFindings(comparison)
      .map((line) => wrapText(line, layout))
      .join("\n"),
    ...(settings.length === 0 ? [] : [settingsText(settings, layout)]),
    ...(flips.length === 0 ? [] : [flipsText(flips, layout)]),
  ].join("\n\n")}\n`;
}

/** The table of a comparison: a row a measure, and what the figures rest on. */
export function comparisonRows({ runs, differences }: RunComparison): ResultRows {
  const [a, b] = runs;
  const measures = measuresOf(Math.max(a.summary.rounds, b.summary.rounds)).filter(
    (measure) => a.summary.rates[measure] ?? b.summary.rates[measure],
  );
  const rows = measures.map((measure) => {
    const cells = runs.map(({ summary }) => {
      const rate = summary.rates[measure];
      return rate === undefined ? "–" : share(rate);
    });
    return [labelOf(measure), ...cells, ...comparisonCells(differences[measure])];
  });
  const summaries = runs.map(({ summary }) => summary);
  const trouble = [["errored", ...summaries.map(({ errored }) => String(errored))], ...answerRows(summaries)];
  return { head: ["", "A", "B", "B − A", ""], rows: [...rows, ...trouble] };
}

/** What a comparison says, in words, and what it rests on. */
export function comparisonFindings(comparison: RunComparison): readonly string[] {
  const { runs, problems, left } = comparison;
  const open = runs.flatMap(({ status, summary }, i) =>
    status === "finished" ? [] : [`${"AB"[i]} is ${unfinishedNote(status, { ...summary, problems })}`],
  );
  const rest = left.some((count) => count > 0)
    ? [`Only the ${problems} problems that both have are compared; ${left.join(" and ")} are in one alone.`]
    : [];
  return [
    ...(["first", "after"] as const).flatMap((measure) => conclusionLine(comparison, measure)),
    ...rest,
    ...open,
  ];
}

function conclusionLine({ differences }: RunComparison, measure: Measure): readonly string[] {
  const found = differences[measure];
  if (found === undefined) return [];
  const conclusion = conclusionOf(found);
  if (conclusion === "unknown")
    return [`Which is better in ${labelOf(measure)} CANNOT BE TOLD: ${missingText(found)}.`];
  if (conclusion === "unshown")
    return [`The difference in ${labelOf(measure)} is not significant: ${figuresOf(found)}.`];
  return [`${conclusion === "more" ? "B" : "A"} is better in ${labelOf(measure)}: ${figuresOf(found)}.`];
}

function settingsText(settings: RunComparison["settings"], layout: Layout): string {
  const lines = settings.map(({ setting, values }) => {
    const [a, b] = values.map((value) => valueText(setting, value));
    return wrapText(`${setting}: A ${a}, B ${b}`, layout, "  ");
  });
  return ["Settings that differ", ...lines].join("\n");
}

function valueText(setting: string, value: unknown): string {
  if (value === null) return setting === "base URL" ? "the default" : "none";
  if (setting === "answers from the cache") return percent(Number(value));
  return short(value);
}

function flipsText(flips: readonly Flip[], layout: Layout): string {
  return (["first", "after"] as const)
    .flatMap((measure) => {
      const of = flips.filter((flip) => flip.measure === measure);
      return (["B", "A"] as const).flatMap((better) => {
        const won = of.filter(({ shares }) => shares[1] > shares[0] === (better === "B"));
        if (won.length === 0) return [];
        const lines = won
          .slice(0, LISTED)
          .map(({ problems, item }) => wrapText(short(item), layout, `  ${problems.join("/")}  `));
        const more = won.length > LISTED ? [`  … and ${won.length - LISTED} more; --json lists all`] : [];
        return [`${labelOf(measure)}, only ${better} passes: ${won.length}`, ...lines, ...more];
      });
    })
    .join("\n");
}

function short(item: unknown): string {
  const text = JSON.stringify(item);
  return text.length <= 90 ? text : `${text.slice(0, 89)}…`;
}

/** A run's report for other programs: the same table and sentences as its text. */

import type { RunState } from "../read/run-state.ts";
import { reportCsv } from "./report-csv.ts";
import { madeOf, saidOf, titleOf, unfinishedNote } from "./report-text.ts";
import type { Result } from "./result.ts";
import { resultRows } from "./result-table.ts";

export const REPORT_FORMATS = ["md", "latex", "csv"] as const;

export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** What a report says, before it is laid out. */
export interface ReportParts {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Sentences below the table. */
  readonly sentences: readonly string[];
}

/** A report as Markdown, as a LaTeX table or as CSV. @param status of the run. Default: finished */
export function reportIn(format: ReportFormat, result: Result, status: RunState = "finished"): string {
  const isFinished = status === "finished";
  const { head, rows } = resultRows(result, isFinished);
  const open = isFinished ? [] : [`This run is ${unfinishedNote(status, result.after ?? result.before)}`];
  const sentences = [...madeOf(result), ...saidOf(result, isFinished), ...open];
  if (format === "csv") return reportCsv(result, isFinished, sentences);
  const parts = { title: titleOf(result), head, rows, sentences };
  return format === "md" ? markdown(parts) : latex(parts);
}

function markdown({ title, head, rows, sentences }: ReportParts): string {
  const cells = (row: readonly string[]): string[] => head.map((_, i) => forMarkdown(row[i] ?? ""));
  const line = (row: readonly string[]): string => `| ${row.join(" | ")} |`;
  const table = [cells(head), head.map((_, i) => (i === 0 ? "---" : "--:")), ...rows.map(cells)].map(line);
  const list = sentences.map((sentence) => `- ${forMarkdown(sentence)}`);
  return `**${forMarkdown(title)}**\n\n${table.join("\n")}\n\n${list.join("\n")}\n`;
}

/** Nothing in it is a mark, a table's cell ends where it should, and indents are kept. */
function forMarkdown(text: string): string {
  const indent = /^ */.exec(text)?.[0].length ?? 0;
  return (
    "&nbsp;".repeat(indent * 2) +
    text
      .trimStart()
      .replaceAll(/[\\`*_[\]<>&|#~]/g, (mark) => `\\${mark}`)
      .replaceAll(/\s*[\r\n]+\s*/g, " ")
  );
}

/** With nothing but what LaTeX itself has, so that no package must be loaded. */
function latex({ title, head, rows, sentences }: ReportParts): string {
  const line = (row: readonly string[]): string =>
    `  ${head.map((_, i) => forLatex(row[i] ?? "")).join(" & ")} \\\\`;
  return [
    "\\begin{table}",
    "  \\centering",
    `  \\caption{${forLatex(title)}}`,
    `  \\begin{tabular}{l${"r".repeat(head.length - 1)}}`,
    "  \\hline",
    line(head),
    "  \\hline",
    ...rows.map(line),
    "  \\hline",
    "  \\end{tabular}",
    "",
    "  \\medskip\\raggedright\\footnotesize",
    ...sentences.map((sentence) => `  ${forLatex(sentence)}\\par`),
    "\\end{table}",
    "",
  ].join("\n");
}

const LATEX: Readonly<Record<string, string>> = {
  ...Object.fromEntries([..."&%$#_{}"].map((mark) => [mark, `\\${mark}`])),
  "\\": "\\textbackslash{}",
  "~": "\\textasciitilde{}",
  "^": "\\textasciicircum{}",
  "<": "$<$",
  ">": "$>$",
  "|": "$|$",
  '"': "''",
  "`": "\\textasciigrave{}",
  "−": "$-$",
  "≤": "$\\le$",
  "≥": "$\\ge$",
  "·": "$\\cdot$",
  "–": "\\textendash{}",
  "“": "``",
  "”": "''",
  "…": "\\ldots{}",
};

function forLatex(text: string): string {
  const indent = /^ */.exec(text)?.[0].length ?? 0;
  const escaped = text
    .trim()
    .replaceAll(/\s*[\r\n]+\s*/g, " ")
    .replaceAll(/[&%$#_{}\\~^<>|"`−≤≥·–“”…]/g, (mark) => LATEX[mark] ?? mark)
    // Two would become a dash.
    .replaceAll("--", "-{}-");
  // After a line's end a bracket would be an argument.
  return `${indent > 0 ? "\\quad " : ""}${escaped.startsWith("[") ? "{}" : ""}${escaped}`;
}

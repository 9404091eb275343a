import { expect, test } from "vitest";
import { after, before, evaluation, header } from "../../test/evaluations.ts";
import { REPORT_FORMATS, reportIn } from "./report-formats.ts";
import { reportText } from "./report-text.ts";
import { toResult } from "./result.ts";

const trained = toResult(header, evaluation(before, 2), evaluation(after, 2));
const hostile =
  "=cmd|' /C calc'!A0 | <b>x</b> \\end{table} $x_1^2$ 100% #1 & \"q\" `c` *s* [l](u) ~ -- \n\n# head";
const named = toResult({ ...header, task: hostile, notes: [hostile] }, evaluation(before), evaluation(after));

test("Markdown: a row has as many cells as the head, and no text is a mark", () => {
  const text = reportIn("md", named);
  const rows = text.split("\n").filter((line) => line.startsWith("|"));
  expect(rows.length).toBeGreaterThan(9);
  for (const row of rows) expect(row.match(/(?<!\\)\|/g)).toHaveLength(6);
  expect(text).toContain("| &nbsp;&nbsp;&nbsp;&nbsp;control: blind retry |");
  expect(text).toContain("\\<b\\>x\\</b\\>");
  expect(text).not.toMatch(/^# head/m);
});

test("LaTeX: nothing but the table's own commands", () => {
  const text = reportIn("latex", named);
  const commands = new Set(text.match(/\\[a-z]+/gi));
  expect([...commands].toSorted()).toEqual(
    [
      ...[
        "\\begin",
        "\\caption",
        "\\cdot",
        "\\centering",
        "\\end",
        "\\footnotesize",
        "\\hline",
        "\\medskip",
        "\\par",
      ],
      ...[
        "\\quad",
        "\\raggedright",
        "\\textasciicircum",
        "\\textasciigrave",
        "\\textasciitilde",
        "\\textbackslash",
      ],
    ].toSorted(),
  );
  expect(text.match(/\\end\{table\}/g)).toHaveLength(1);
  const rows = text.split("\n").filter((line) => line.endsWith("\\\\"));
  for (const row of rows) expect(row.match(/(?<!\\)&/g)).toHaveLength(4);
  expect(text).toContain("after reflection & 27.0\\% ".replace("\\%", " \\%"));
});

test("CSV: figures as numbers, bounds where outcomes are missing, counts and sentences as texts", () => {
  const lines = reportIn("csv", trained).split("\n");
  expect(lines[0]).toBe("row,of,value,low,high,least,most,missing,p,p_at_most,says");
  const first = lines.find((line) => line.startsWith("first try,before,"))?.split(",");
  expect(first?.slice(2, 8)).toEqual([
    "",
    expect.stringMatching(/^0\.09/),
    expect.stringMatching(/^0\.25/),
    `${15 / 102}`,
    `${17 / 102}`,
    "2",
  ]);
  const difference = lines.find((line) => line.startsWith("first try,difference,"))?.split(",");
  expect(difference?.[8]).toBe("");
  expect(Number(difference?.[9])).toBeLessThan(0.001);
  expect(lines).toContain('"control: attempts, same tokens",before,,,,,,,,,not measured');
  expect(lines).toContain("errored problems,after,,,,,,,,,2");
  expect(reportIn("csv", named)).toContain(`note,,,,,,,,,,"'=cmd`);
});

test.each(REPORT_FORMATS)("%s keeps every sentence of the text", (format) => {
  const words = (text: string): string =>
    text
      .replaceAll(/\\[a-z]+/gi, "")
      .replaceAll(/[^a-z0-9 ]/gi, "")
      .replaceAll(/ +/g, " ");
  const said = words(reportIn(format, trained));
  const sentences = reportText(trained).trimEnd().split("\n").slice(15);
  expect(sentences.length).toBeGreaterThan(8);
  for (const sentence of sentences) expect(said).toContain(words(sentence).trim());
  expect(reportIn(format, trained)).not.toContain("not finished");
  expect(reportIn(format, trained, "stopped")).toContain("not finished (stopped)");
});

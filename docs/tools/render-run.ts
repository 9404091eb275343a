/**
 * Draws a run as a picture: each measure before and after training with its 95 % interval.
 *
 *     npx tsx docs/tools/render-run.ts runs/<id>/result.json > docs/img/run.svg
 */
import { readFileSync } from "node:fs";

interface Rate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

interface Evaluation {
  readonly problems: number;
  readonly rates: Readonly<Record<string, Rate | undefined>>;
}

interface Result {
  readonly task: string;
  readonly seed: number;
  readonly steps: number;
  readonly before: Evaluation;
  readonly after?: Evaluation;
}

const measures: readonly (readonly [measure: string, label: string])[] = [
  ["first", "first try"],
  ["after", "after reflection"],
  ["blind", "control: blind retry"],
  ["fresh", "control: fresh, retry settings"],
  ["donor", "control: another's reflection"],
  ["passAt2", "control: two attempts"],
  ["matched", "control: attempts, same tokens"],
  ["greedyFirst", "greedy: first try"],
  ["greedyAfter", "greedy: after reflection"],
];
const grey = "#8a8f98";
const blue = "#1f6feb";
const left = 250;
const width = 480;
const top = 84;
const rowHeight = 34;
const ink = "#1f2328";

const x = (share: number): string => (left + share * width).toFixed(1);
const text = (at: string | number, y: number, content: string, attributes = ""): string =>
  `<text x="${at}" y="${y}" ${attributes}>${content.replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</text>`;

function mark(rate: Rate | undefined, y: number, colour: string): string {
  if (rate === undefined) return "";
  const line = `<line x1="${x(rate.low)}" x2="${x(rate.high)}" y1="${y}" y2="${y}" stroke="${colour}" stroke-width="2"/>`;
  const figure = text(
    x(rate.high + 0.012),
    y + 4,
    (100 * rate.value).toFixed(1),
    `fill="${colour}" font-size="11"`,
  );
  return `${line}<circle cx="${x(rate.value)}" cy="${y}" r="4.5" fill="${colour}"/>${figure}`;
}

function render({ task, seed, steps, before, after }: Result): string {
  const rows = measures.filter(([measure]) => before.rates[measure] ?? after?.rates[measure]);
  const height = top + rows.length * rowHeight + 40;
  const title = `${task}: ${before.problems} held-out problems, ${steps} steps, seed ${seed}`;
  const grid = [0, 0.2, 0.4, 0.6, 0.8, 1].map((share) => {
    const line = `<line x1="${x(share)}" x2="${x(share)}" y1="${top - 12}" y2="${height - 36}" stroke="#e4e7eb"/>`;
    return line + text(x(share), height - 16, `${100 * share} %`, 'text-anchor="middle" font-size="12"');
  });
  const legend = [
    text(left, 54, "● before training", `fill="${grey}"`),
    after === undefined ? "" : text(left + 140, 54, "● after training", `fill="${blue}"`),
    text(left + 270, 54, "line: 95 % interval", 'font-size="12"'),
  ];
  const marks = rows.map(([measure, label], i) => {
    const y = top + i * rowHeight + 10;
    const name = text(left - 16, y + 4, label, `text-anchor="end"${i < 2 ? ' font-weight="600"' : ""}`);
    return name + mark(before.rates[measure], y - 6, grey) + mark(after?.rates[measure], y + 6, blue);
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${left + width + 50} ${height}" font-family="system-ui, sans-serif" font-size="14" fill="${ink}">`,
    `<title>${title}</title>`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    text(24, 28, title, 'font-size="16" font-weight="600"'),
    ...legend,
    ...grid,
    ...marks,
    "</svg>\n",
  ].join("\n");
}

const [file] = process.argv.slice(2);
if (file === undefined)
  throw new Error("usage: npx tsx docs/tools/render-run.ts runs/<id>/result.json > out.svg");
process.stdout.write(render(JSON.parse(readFileSync(file, "utf8"))));

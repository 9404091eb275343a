/**
 * `pnpm bench:bfcl [--data <folder>] [--json]`: the rules of the mode `bfcl` against the leaderboard's published rows,
 * which must lie in the folder. Every accepted answer must pass, and no change of meaning may.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type FileResult, runCampaign } from "../packages/task-function-calling/test/bfcl-campaign.ts";

const { values } = parseArgs({
  options: {
    data: { type: "string", default: "../shared/data/bfcl" },
    json: { type: "boolean", default: false },
  },
});
const names = ["simple_python", "multiple", "parallel", "parallel_multiple"];
const paths = names.map((name) => join(values.data, `BFCL_v4_${name}.json`));
const missing = paths.find((path) => !existsSync(path));
if (missing !== undefined)
  throw new Error(`${missing} is absent: give the folder of BFCL's files with --data`);

const results: FileResult[] = [];
for (const path of paths) results.push(await runCampaign(path));
const contradictions = results.flatMap((result, i) =>
  [...result.contradictions].map((problem) => [names[i], problem]),
);

const kinds = [...new Set(results.flatMap((result) => [...result.kinds.keys()]))].map((kind) => {
  const counts = results.flatMap((result) => result.kinds.get(kind) ?? []);
  const sum = (key: "tried" | "unchanged" | "inData"): number =>
    counts.reduce((all, one) => all + one[key], 0);
  const accepted = counts.flatMap((one) => one.accepted);
  return { kind, tried: sum("tried"), unchanged: sum("unchanged"), inData: sum("inData"), accepted };
});

if (values.json) {
  const files = results.map(({ rows, renderings, refused }, i) => ({
    name: names[i],
    rows,
    renderings,
    refused,
  }));
  console.log(JSON.stringify({ files, kinds, contradictions }));
} else {
  table(["file", "rows", "renderings", "passed"], results.map(fileRow));
  table(
    ["change of meaning", "tried", "accepted", "skipped: same value", "skipped: accepted by the data"],
    kinds.map(({ kind, tried, accepted, unchanged, inData }) => [
      kind,
      tried,
      accepted.length,
      unchanged,
      inData,
    ]),
  );
  table(["file", "accepted value that contradicts its own schema"], contradictions);
}

const wrong = [...results.flatMap(({ refused }) => refused), ...kinds.flatMap(({ accepted }) => accepted)];
for (const text of wrong.slice(0, 10)) console.error(`wrong: ${text}`);
if (wrong.length > 0) process.exitCode = 1;

function fileRow({ rows, renderings, refused }: FileResult, i: number): readonly unknown[] {
  return [names[i], rows, renderings, renderings - refused.length];
}

function table(head: readonly string[], rows: readonly (readonly unknown[])[]): void {
  const lines = [head, head.map(() => "---"), ...rows];
  console.log(`${lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n")}\n`);
}

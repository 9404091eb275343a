/**
 * The campaign of faults: every way in which a server fails, against the client for OpenAI-compatible servers, streaming
 * and not. Exits with 1 if a fault was taken for an answer, or a request lost or sent again without need.
 *
 * pnpm bench:faults [--per-kind 500]
 */
import { parseArgs } from "node:util";
import { createOpenAIModel, type OpenAIModelSettings } from "@rrr/models";
import { type FaultCounts, type FaultKind, runFaultCampaign } from "@rrr/models/testing";

const { values } = parseArgs({ options: { "per-kind": { type: "string", default: "500" } } });

const maxAttempts = 4;
const maxWaitMs = 3_000;

/** Seconds where a real run has minutes, and only where a deadline is what ends the fault. */
function settingsFor(
  kind: FaultKind,
): Pick<OpenAIModelSettings, "timeoutMs" | "stallTimeoutMs" | "concurrency"> {
  if (kind === "hang-before-headers" || kind === "slow-drip") return { timeoutMs: 2_000, concurrency: 20 };
  if (kind === "hang-in-body") return { stallTimeoutMs: 1_500, concurrency: 20 };
  return { concurrency: 1 };
}

const start = performance.now();
const byKind = await runFaultCampaign({
  perKind: Number(values["per-kind"]),
  maxAttempts,
  maxWaitMs,
  createModels: (baseURL, kind) =>
    [false, true].map((stream) =>
      createOpenAIModel({
        model: "faulty",
        baseURL,
        stream,
        maxAttempts,
        maxWaitMs,
        backoffMs: 50,
        ...settingsFor(kind),
      }),
    ),
  onProgress(settled, of) {
    if (settled % 1000 === 0) console.error(`${settled} of ${of}`);
  },
});

const MUST_BE_0 = ["wrongAnswers", "lost", "untyped", "askedAfterAnswer", "oddAttempts", "tooEarly"] as const;
const COLUMNS = ["requests", "faults", "answers", "failures", ...MUST_BE_0] as const;
const rows: (string | number)[][] = [...byKind].map(([kind, counts]) => [
  kind,
  ...COLUMNS.map((name) => counts[name]),
]);
const sum = (name: keyof FaultCounts): number =>
  [...byKind.values()].reduce((total, each) => total + each[name], 0);
rows.push(["all", ...COLUMNS.map(sum)]);
for (const row of [["fault", ...COLUMNS], ...rows]) {
  console.log(row.map((cell, i) => (i === 0 ? String(cell).padEnd(24) : String(cell).padStart(17))).join(""));
}
console.log(`${byKind.size} kinds in ${((performance.now() - start) / 1000).toFixed(0)} s`);
process.exit(MUST_BE_0.some((name) => sum(name) > 0) ? 1 : 0);

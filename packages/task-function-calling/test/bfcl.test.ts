import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { type FileResult, runCampaign } from "./bfcl-campaign.ts";

const FILES = ["simple_python", "multiple", "parallel", "parallel_multiple"];
const published = fileURLToPath(new URL("../../../../shared/data/bfcl/", import.meta.url));
const fixtures = fileURLToPath(new URL("../fixtures/bfcl/", import.meta.url));

async function run(folder: string, name: string): Promise<FileResult> {
  const result = await runCampaign(`${folder}BFCL_v4_${name}.json`);
  expect(result.refused).toEqual([]);
  for (const [kind, { accepted }] of result.kinds) expect(accepted, kind).toEqual([]);
  return result;
}

describe("rows of BFCL: each accepted answer passes, no change of meaning does", () => {
  it.each(FILES)("chosen ones of %s", async (name) => {
    const { rows, renderings, kinds } = await run(fixtures, name);
    expect(rows).toBeGreaterThan(0);
    expect(renderings).toBeGreaterThan(rows);
    expect(kinds.size).toBeGreaterThanOrEqual(20);
  });

  // The leaderboard's own files are too large for every clone.
  const absent = !existsSync(published);
  const note = absent ? " (skipped: ../shared/data/bfcl is absent)" : "";
  it.skipIf(absent).for(FILES)(`all of %s${note}`, { timeout: 600_000 }, async (name) => {
    expect((await run(published, name)).rows).toBe(name === "simple_python" ? 400 : 200);
  });
});

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { RrrError, take } from "@rrr/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { countdown } from "./countdown.ts";
import { loadItems } from "./load.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "countdown-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function write(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

describe("loadItems", () => {
  it("reads JSON Lines with the published column names, or an item's own", async () => {
    const path = await write(
      "a.jsonl",
      '{"target": 98, "nums": [44, 19, 35]}\n\n{"numbers": [1, 2], "target": 3}\n',
    );
    expect(await loadItems(path)).toEqual([
      { numbers: [44, 19, 35], target: 98 },
      { numbers: [1, 2], target: 3 },
    ]);
  });

  it("reads Parquet, as pyarrow writes it", async () => {
    const path = fileURLToPath(new URL("../fixtures/three-problems.parquet", import.meta.url));
    expect(await loadItems(path)).toEqual([
      { numbers: [44, 19, 35], target: 98 },
      { numbers: [63, 95, 96], target: 64 },
      { numbers: [95, 11, 56], target: 28 },
    ]);
  });

  it.each([
    ["bad-item", "line 2 is no JSON", '{"nums": [1], "target": 1}\n{"nums": [1'],
    ["bad-item", "row 1: numbers[0] must be a whole number ≥ 0", '{"nums": [1.5], "target": 1}'],
    ["bad-item", "row 1: numbers must be a list", '{"nums": "1 2", "target": 1}'],
    ["bad-item", "row 1: target must be a whole number", '{"nums": [1]}'],
    ["bad-item", "row 1: numbers must be a list", "null"],
  ])("%s: %s", async (code, message, text) => {
    const path = await write("bad.jsonl", text);
    await expect(loadItems(path)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  });

  it("names a file that it cannot read", async () => {
    const missing = join(folder, "missing.jsonl");
    await expect(loadItems(missing)).rejects.toSatisfy((error) => RrrError.is(error, "bad-argument"));
    const broken = await write("broken.parquet", "this is no Parquet file");
    await expect(loadItems(broken)).rejects.toMatchObject({ code: "bad-argument" });
  });
});

describe("a task on a file", () => {
  it("deals each problem once, to one of the splits", async () => {
    const lines = Array.from({ length: 50 }, (_, i) =>
      JSON.stringify({ nums: [1, 2, i + 3], target: i + 6 }),
    );
    const path = await write("many.jsonl", [...lines, ...lines].join("\n"));
    const task = countdown({ data: path });
    const train = await take(task.items("train", 0), 1_000);
    const test = await take(task.items("test", 0), 1_000);
    expect(train.length + test.length).toBe(50);
    expect(test.length).toBeGreaterThan(0);
    expect(train.length).toBeGreaterThan(test.length);
  });
});

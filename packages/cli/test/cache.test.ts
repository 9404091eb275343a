import { mkdirSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openResponseCache, withCache } from "@rrr/models";
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { project } from "../../plugins/test/plugin-files.ts";
import { cacheText, size, timeText } from "../src/cache/cache-text.ts";
import { runCli } from "./run-cli.ts";

let cwd: string;
let path: string;
beforeEach(() => {
  cwd = project({});
  path = join(cwd, "cache/responses-2.db");
  vi.stubEnv("RRR_CACHE_DIR", join(cwd, "cache"));
  onTestFinished(() => void vi.unstubAllEnvs());
});

/** Keeps as many answers of each model. */
async function fill(counts: Readonly<Record<string, number>>): Promise<void> {
  const cache = await openResponseCache({ path });
  for (const [model, count] of Object.entries(counts)) {
    const inner = { id: model, generate: async () => [{ text: "4", finish: "stop" as const }] };
    const cached = withCache(inner, cache, { model, source: "http://127.0.0.1/v1" });
    for (let seed = 0; seed < count; seed++) {
      await cached.generate([], { maxTokens: 8, temperature: 1, seed });
    }
  }
  cache.close();
}

test("what is kept is shown, and cleared by model and age", async () => {
  await fill({ small: 3, large: 2 });
  const shown = await runCli(cwd, ["cache"]);
  expect(shown).toMatchObject({ code: 0, stderr: "" });
  expect(shown.stdout).toContain(path);
  expect(shown.stdout).toMatch(/^small +http:\/\/127\.0\.0\.1\/v1 +3 .*now/m);
  const aged = await runCli(cwd, ["cache", "clear", "--older-than", "1h", "--yes", "--json"]);
  expect(JSON.parse(aged.stdout)).toEqual({
    path,
    cleared: 0,
    indexes: { path: join(cwd, "cache/view"), runs: 0, bytes: 0 },
  });
  const cleared = await runCli(cwd, ["cache", "clear", "--model", "small", "--yes"]);
  expect(cleared.stdout).toBe(`Cleared 3 completions: ${path}\n`);
  const left = await runCli(cwd, ["cache", "--json"]);
  expect(JSON.parse(left.stdout)).toMatchObject({ path, models: [{ model: "large", completions: 2 }] });
});

test("indexes of the page are listed, and cleared by age, alone or with everything", async () => {
  const view = join(cwd, "cache/view");
  mkdirSync(view, { recursive: true });
  const [old, young] = ["a".repeat(32), "b".repeat(32)].map((name) => join(view, `${name}.db`)) as [
    string,
    string,
  ];
  for (const name of [old, `${old}-wal`, young, join(view, "figures-1.db"), join(view, "notes.txt")]) {
    writeFileSync(name, "x".repeat(1_000));
  }
  for (const name of [old, `${old}-wal`]) utimesSync(name, 1, 1);
  const files = (): readonly string[] =>
    readdirSync(view).map((name) => name.replace(/^[0-9a-f]{32}/, (id) => id.slice(0, 1)));
  expect((await runCli(cwd, ["cache"])).stdout).toBe(
    `The response cache is empty: ${path}\n\nThe page's search indexes take 4.0 kB, of 2 runs: ${view}\n`,
  );
  expect(JSON.parse((await runCli(cwd, ["cache", "--json"])).stdout).indexes).toEqual({
    path: view,
    runs: 2,
    bytes: 4_000,
  });
  const aged = await runCli(cwd, ["cache", "clear", "--indexes", "--older-than", "30d"]);
  expect(aged.stdout).toBe(`Cleared the indexes of 1 run, 2.0 kB: ${view}\n`);
  expect(files()).toEqual(["b.db", "figures-1.db", "notes.txt"]);
  // An index is of a run, not of a model.
  await runCli(cwd, ["cache", "clear", "--model", "m", "--yes"]);
  expect(files()).toHaveLength(3);
  expect((await runCli(cwd, ["cache", "clear", "--yes"])).stdout).toBe(
    `Cleared 0 completions, and the indexes of 1 run: ${path}\n`,
  );
  expect(files()).toEqual(["notes.txt"]);
  expect((await runCli(cwd, ["cache", "clear", "--indexes", "--model", "m"])).code).toBe(2);
});

test("nothing is cleared without --yes where nobody can be asked", async () => {
  await fill({ small: 1 });
  const { code, stderr } = await runCli(cwd, ["cache", "clear"]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/^rrr: clearing the cache needs --yes .*\[bad-argument\]/);
  expect(JSON.parse((await runCli(cwd, ["cache", "--json"])).stdout).models).toHaveLength(1);
});

test("no cache is an empty one; a damaged one is an error", async () => {
  expect((await runCli(cwd, ["cache"])).stdout).toBe(`The response cache is empty: ${path}\n`);
  mkdirSync(join(cwd, "cache"));
  writeFileSync(path, "no database at all");
  const { code, stderr } = await runCli(cwd, ["cache"]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^rrr: the response cache .* is damaged.*\[bad-cache\]/);
});

test("as text: sizes and ages as people read them", () => {
  const hour = 3_600_000;
  const held = {
    model: "m",
    source: "s",
    completions: 1_234,
    bytes: 2_345_678,
    oldestMs: 0,
    newestMs: 70 * hour,
  };
  expect(cacheText({ path: "/c.db", bytes: 4_100_000, models: [held] }, 72 * hour)).toBe(
    [
      "The response cache takes 4.1 MB: /c.db",
      "",
      "model  server or weights  completions  size    oldest      newest",
      "m      s                  1,234        2.3 MB  3 days ago  2 h ago",
      "",
    ].join("\n"),
  );
  expect([1_500, 90_000, 7_200_000, 47 * hour, 48 * hour].map(timeText)).toEqual([
    "1 s",
    "90 s",
    "2 h",
    "47 h",
    "2 days",
  ]);
  expect([999, 1_500, 2e9].map(size)).toEqual(["999 B", "1.5 kB", "2.0 GB"]);
});

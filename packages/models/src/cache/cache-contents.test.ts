import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { askBatch, BATCH, longAnswers } from "../../test/long-answers.ts";
import { newFolder } from "../../test/new-folder.ts";
import { clearCache, readCacheContents } from "./cache-contents.ts";
import { responseCachePath } from "./cache-path.ts";
import { openResponseCache } from "./response-cache.ts";
import { withCache } from "./with-cache.ts";

async function fill(path: string, model: string, batches: number): Promise<void> {
  const cache = await openResponseCache({ path });
  const cached = withCache(longAnswers(), cache, { model, source: "test" });
  for (let batch = 0; batch < batches; batch++) await askBatch(cached, batch);
  cache.close();
}

const held = async (path: string): Promise<Record<string, number>> =>
  Object.fromEntries(
    (await readCacheContents(path)).models.map(({ model, completions }) => [model, completions]),
  );

test("what is held of each model, those with the most first", async () => {
  const path = join(newFolder(), "cache.db");
  const before = Date.now();
  await fill(path, "a", 1);
  await fill(path, "b", 2);
  const { bytes, models } = await readCacheContents(path);
  expect(models).toMatchObject([
    { model: "b", source: "test", completions: 4 * BATCH },
    { model: "a", source: "test", completions: 2 * BATCH },
  ]);
  for (const { completions, bytes, oldestMs, newestMs } of models) {
    expect(bytes).toBeGreaterThan(completions * 500);
    expect(oldestMs).toBeGreaterThanOrEqual(before);
    expect(newestMs).toBeGreaterThanOrEqual(oldestMs);
  }
  expect(bytes).toBeGreaterThan(6 * BATCH * 500);
});

test("clearing by model, by age and altogether; what is not cleared is still found", async () => {
  const path = join(newFolder(), "cache.db");
  await fill(path, "a", 1);
  await sleep(5);
  const between = Date.now();
  await sleep(5);
  await fill(path, "b", 1);
  await fill(path, "a", 2);
  expect(await clearCache(path, { model: "c" })).toBe(0);
  expect(await clearCache(path, { model: "a", beforeMs: between })).toBe(2 * BATCH);
  expect(await held(path)).toEqual({ a: 2 * BATCH, b: 2 * BATCH });
  expect(await clearCache(path, { model: "b" })).toBe(2 * BATCH);
  const model = longAnswers();
  const cache = await openResponseCache({ path });
  await askBatch(withCache(model, cache, { model: "a", source: "test" }), 1);
  cache.close();
  expect(model.asked).toBe(0);
  expect(await clearCache(path, {})).toBe(2 * BATCH);
  expect(await held(path)).toEqual({});
});

test("clearing gives the disk its space back, also while another process writes", async () => {
  const path = join(newFolder(), "cache.db");
  await fill(path, "a", 20);
  const { bytes } = await readCacheContents(path);
  const other = await openResponseCache({ path });
  const cached = withCache(longAnswers(), other, { model: "b", source: "test" });
  await askBatch(cached, 0);
  expect(await clearCache(path, { model: "a" })).toBe(40 * BATCH);
  await askBatch(cached, 1);
  expect(await held(path)).toEqual({ b: 4 * BATCH });
  expect((await readCacheContents(path)).bytes).toBeLessThan(bytes / 3);
  other.close();
});

test("a cache that is not there is empty, and is not made by looking", async () => {
  const path = join(newFolder(), "none/cache.db");
  expect(await readCacheContents(path)).toEqual({ path, bytes: 0, models: [] });
  expect(await clearCache(path, {})).toBe(0);
  expect(existsSync(join(path, ".."))).toBe(false);
});

test("a damaged one is said to be so", async () => {
  const path = join(newFolder(), "cache.db");
  writeFileSync(path, "no database at all");
  await expect(readCacheContents(path)).rejects.toMatchObject({ code: "bad-cache" });
});

test.each([
  [{ RRR_CACHE_DIR: "/a/b", XDG_CACHE_HOME: "/x" }, /^\/a\/b\/responses-2\.db$/],
  [{ XDG_CACHE_HOME: "/x" }, /^\/x\/rrr\/responses-2\.db$/],
  [{ XDG_CACHE_HOME: "relative", RRR_CACHE_DIR: "" }, /\/\.cache\/rrr\/responses-2\.db$/],
  [{}, /\/\.cache\/rrr\/responses-2\.db$/],
])("where it is, with %j", (env, path) => {
  expect(responseCachePath(env)).toMatch(path);
});

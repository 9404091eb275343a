import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Completion, createRandom, type Model } from "@rrr/core";
import Database from "libsql";
import { expect, onTestFinished, test } from "vitest";
import { askBatch, BATCH, longAnswers } from "../../test/long-answers.ts";
import { newFolder } from "../../test/new-folder.ts";
import { openResponseCache, type ResponseCache, type ResponseCacheOptions } from "./response-cache.ts";
import { withCache } from "./with-cache.ts";

const identity = { model: "a", source: "test" };

async function open(path: string, options: ResponseCacheOptions = {}): Promise<ResponseCache> {
  const cache = await openResponseCache({ path, ...options });
  onTestFinished(() => cache.close());
  return cache;
}

/** A process that fills the cache for a model of its own. */
function fill(path: string, name: string, batches: number): ChildProcess {
  const script = join(import.meta.dirname, "../../test/keep-forever.ts");
  const child = spawn(process.execPath, ["--import", "tsx", script, path, name, String(batches)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

/** An answer as it was before it was kept. */
function unmarked({ cached: _, ...completion }: Completion): Completion {
  return completion;
}

/** Asks again for batches that were answered before. @returns how many requests reached the model */
async function askAgain(cache: ResponseCache, name: string, batches: number): Promise<number> {
  const model = longAnswers();
  const cached = withCache(model, cache, { model: name, source: "test" });
  for (let batch = 0; batch < batches; batch++) {
    expect((await askBatch(cached, batch)).map((answers) => answers.map(unmarked))).toEqual(
      await askBatch(longAnswers(), batch),
    );
  }
  return model.asked;
}

test("what was kept is found by another process's cache of the same file", async () => {
  const path = join(newFolder(), "deep/below/cache.db");
  const first = await open(path);
  expect(await askAgain(first, "a", 3)).toBe(3 * BATCH);
  expect(await askAgain(await open(path), "a", 3)).toBe(0);
  expect(await askAgain(await open(path), "b", 3)).toBe(3 * BATCH);
  expect(statSync(join(path, "..")).mode & 0o077).toBe(0);
});

test("several processes fill one new cache at the same time, and nothing is lost", async () => {
  const path = join(newFolder(), "cache.db");
  const names = ["a", "b", "c"];
  const ends = names.map((name) => once(fill(path, name, 25), "exit"));
  expect(await Promise.all(ends)).toEqual(names.map(() => [0, null]));
  const cache = await open(path);
  for (const name of names) expect(await askAgain(cache, name, 25)).toBe(0);
});

test("what was answered survives kill -9, and nothing is half there", async () => {
  const path = join(newFolder(), "cache.db");
  const child = fill(path, "a", Number.POSITIVE_INFINITY);
  let answered = 0;
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    answered = Number(text.trim().split("\n").at(-1)) + 1;
    if (answered >= 50) child.kill("SIGKILL");
  });
  await once(child, "exit");
  const cache = await open(path);
  expect(answered).toBeGreaterThanOrEqual(50);
  expect(await askAgain(cache, "a", answered)).toBe(0);
  const reader = new Database(path);
  const halves = reader.prepare("SELECT key FROM entry GROUP BY key HAVING count(*) <> 2").all();
  reader.close();
  expect(halves).toEqual([]);
});

test.each([
  ["text", "this is no database ".repeat(400), "is damaged, or no response cache"],
  ["a line", "hi", "is damaged, or no response cache"],
])("a file that is %s is refused and left as it was", async (_, content, message) => {
  const path = join(newFolder(), "cache.db");
  writeFileSync(path, content);
  await expect(openResponseCache({ path })).rejects.toMatchObject({
    code: "bad-cache",
    message: expect.stringContaining(message),
  });
  expect(readFileSync(path, "utf8")).toBe(content);
});

test("another program's database is refused and left as it was", async () => {
  const path = join(newFolder(), "cache.db");
  const db = new Database(path);
  db.exec("CREATE TABLE entry (precious TEXT); INSERT INTO entry VALUES ('mine')");
  db.close();
  const before = readFileSync(path);
  await expect(openResponseCache({ path })).rejects.toMatchObject({
    code: "bad-cache",
    message: expect.stringContaining("another program"),
  });
  expect(readFileSync(path).equals(before)).toBe(true);
});

test.each(["/proc/rrr/cache.db", "/dev/null/cache.db"])(
  "%s cannot be made, and that is said",
  async (path) => {
    await expect(openResponseCache({ path })).rejects.toMatchObject({ code: "bad-cache" });
  },
);

test("a changed entry is never an answer", async () => {
  const path = join(newFolder(), "cache.db");
  const cache = await open(path);
  await askAgain(cache, "a", 1);
  const vandal = new Database(path);
  vandal.exec("UPDATE entry SET completion = replace(completion, 'text', 'test') WHERE sample = 1");
  vandal.close();
  expect(await askAgain(cache, "a", 1)).toBe(BATCH);
  expect(await askAgain(cache, "a", 1)).toBe(0);
});

test("wherever a byte of the file is changed, no answer is", async () => {
  const path = join(newFolder(), "cache.db");
  const first = await openResponseCache({ path });
  await askAgain(first, "a", 4);
  first.close();
  // Nothing beside the file, so that the changes below hit all that there is.
  const settled = new Database(path);
  settled.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  settled.close();
  const whole = readFileSync(path);
  expect(whole.length).toBeGreaterThan(4 * BATCH * 2 * 500);
  const random = createRandom(7);
  for (let flip = 0; flip < 60; flip++) {
    const changed = Buffer.from(whole);
    const at = random.int(changed.length);
    changed.writeUInt8(changed.readUInt8(at) ^ (1 << random.int(8)), at);
    writeFileSync(`${path}.${flip}`, changed);
    try {
      const cache = await openResponseCache({ path: `${path}.${flip}` });
      // The answers are compared there with those of the model itself.
      await askAgain(cache, "a", 4);
      cache.close();
    } catch (error) {
      expect(error).toMatchObject({ code: "bad-cache" });
    }
  }
});

test("a cache that fails in use is reported once, and costs no answer", async () => {
  const path = join(newFolder(), "cache.db");
  const failures: string[] = [];
  const cache = await open(path, { onFailure: ({ code, message }) => failures.push(`${code}: ${message}`) });
  const vandal = new Database(path);
  vandal.exec("DROP TABLE entry");
  vandal.close();
  expect(await askAgain(cache, "a", 2)).toBe(2 * BATCH);
  expect(failures).toEqual([
    expect.stringMatching(/^bad-cache: the response cache .*cache\.db cannot be used/),
  ]);
});

test("what is answered after closing is an answer, and not kept", async () => {
  const path = join(newFolder(), "cache.db");
  const failures: unknown[] = [];
  const cache = await openResponseCache({ path, onFailure: (error) => failures.push(error) });
  const model = withCache(longAnswers(), cache, identity);
  const early = askBatch(model, 0);
  cache.close();
  expect(await early).toEqual(await askBatch(longAnswers(), 0));
  expect(await askAgain(cache, "a", 1)).toBe(BATCH);
  cache.close();
  expect(failures).toEqual([]);
});

test("no prompt is stored, only its hash", async () => {
  const folder = newFolder();
  const cache = await open(join(folder, "cache.db"));
  const model: Model = { id: "m", generate: async () => [{ text: "answer", finish: "stop" }] };
  const prompt = [{ role: "user" as const, content: "something private" }];
  await withCache(model, cache, identity).generate(prompt, { maxTokens: 8, temperature: 0, seed: 1 });
  const files = ["cache.db", "cache.db-wal"].map((name) => join(folder, name)).filter(existsSync);
  const bytes = Buffer.concat(files.map((file) => readFileSync(file)));
  expect(bytes.includes("answer")).toBe(true);
  expect(bytes.includes("something private")).toBe(false);
});

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Episode, fail, pass, RrrError } from "@rrr/core";
import Database from "libsql";
import { expect, onTestFinished, test } from "vitest";
import { runHeader } from "../../test/run-header.ts";
import { openRunReader } from "../read/run-reader.ts";
import { createRunStore, type RunStore } from "../store/run-store.ts";
import { openEpisodeIndex } from "./episode-index.ts";
import { EPISODE_ORDERS, type EpisodeQuery, toSql } from "./episode-query.ts";
import { plainWords } from "./plain-words.ts";

function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), "rrr-index-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Four kinds of episodes: solved, saved by a reflection, failed twice and cut off, errored. */
function episodeOf(problem: number): Episode<{ readonly n: number }> {
  const item = { n: problem };
  const at = (text: string, passed: boolean, code: string) => ({
    prompt: [{ role: "user", content: `problem ${problem}` } as const],
    completion: { text, finish: code === "cut" ? "length" : "stop" } as const,
    verdict: passed ? pass() : fail(code, `because of ${code}`),
  });
  switch (problem % 4) {
    case 0:
      return { kind: "solved", item, attempt: at("quick answer", true, "") };
    case 1:
    case 2: {
      const isSaved = problem % 4 === 1;
      const attempt = at("wrong (3 + 4) * 12", false, "wrong-value");
      const retry = at(isSaved ? "better" : "again", isSaved, "cut");
      const completion = { text: 'I should AND (could) "NEAR" multiply ŻÓŁW', finish: "stop" } as const;
      return { kind: "reflected", item, attempt, reflection: { prompt: [], completion, retry } };
    }
    default:
      return { kind: "errored", item, error: new RrrError("model-failed", "no tongue"), turn: "attempt" };
  }
}

function add(store: RunStore, problems: readonly number[]): void {
  const record = store.record("evaluate");
  for (const problem of problems) {
    const episode = episodeOf(problem);
    const outcomes = episode.kind === "errored" ? {} : { first: problem % 4 === 0, after: problem % 4 < 2 };
    record.add({ part: "episodes", problem, sample: 0, episode, outcomes, seconds: 0 });
  }
}

function world(problems: number) {
  const folder = temporary();
  const store = createRunStore(folder, runHeader());
  add(store, [...Array(problems).keys()]);
  store.end("stopped");
  const reader = openRunReader(folder);
  onTestFinished(() => {
    reader.close();
    store.close();
  });
  return { folder, store, reader, indexes: join(temporary(), "view") };
}

test("episodes are found by what they are, and by their words, whatever these look like", () => {
  const { reader, indexes, folder } = world(100);
  const before = readdirSync(folder);
  const index = openEpisodeIndex(reader, indexes);
  expect(index.update()).toEqual({ indexed: 100, isComplete: true });
  const count = (query: object): number => index.find(query).total;
  expect(["solved", "fail-pass", "fail-fail", "errored"].map((path) => count({ path }))).toEqual([
    25, 25, 25, 25,
  ]);
  expect([count({ cut: true }), count({ cut: false })]).toEqual([50, 50]);
  expect(count({ code: "cut" })).toBe(25);
  expect(count({ code: "model-failed" })).toBe(25);
  expect(count({ problem: 7 })).toBe(1);
  expect(count({ text: "quick" })).toBe(25);
  expect(count({ text: "qui" })).toBe(25);
  expect(count({ text: "żółw multiply" })).toBe(50);
  expect(count({ text: "(3 + 4) * 12" })).toBe(50);
  expect(count({ text: "tongue" })).toBe(25);
  expect(count({ text: "quick multiply" })).toBe(0);
  // What FTS5 would take for operators is words here.
  for (const text of ['"', "AND", "NEAR(", 'a" OR "b', "text:", "-quick", "*", "\0", "^quick"]) {
    expect(() => index.find({ text })).not.toThrow();
  }
  expect(readdirSync(folder)).toEqual(before);
  index.close();
  // What is known already need not be read again.
  const again = openEpisodeIndex(reader, indexes);
  expect(again.find({}).total).toBe(100);
  again.close();
});

test("pages follow each other without a gap, in every order", () => {
  const { reader, indexes } = world(60);
  const index = openEpisodeIndex(reader, indexes);
  index.update();
  for (const order of ["recorded", "-recorded"] as const) {
    const ids: number[] = [];
    for (let after: string | undefined; ; ) {
      const page = index.find({ order, limit: 7, ...(after === undefined ? {} : { after }) });
      ids.push(...page.entries.map(({ id }) => id));
      if (page.next === undefined) break;
      after = page.next;
    }
    expect(new Set(ids).size).toBe(60);
    expect(ids).toEqual([...ids].sort((a, b) => (order === "recorded" ? a - b : b - a)));
  }
  for (const after of ["x", "1", "1_2_3", "NaN_1", "1_Infinity"]) {
    expect(() => index.find({ after })).toThrow(expect.objectContaining({ code: "bad-argument" }));
  }
  // Nothing of an evaluation has an advantage.
  expect(index.find({ order: "advantage" }).total).toBe(0);
  index.close();
});

test("what is in many texts is counted up to a limit, and all pages come without a sort", () => {
  const { reader, indexes } = world(8);
  const index = openEpisodeIndex(reader, indexes);
  index.update();
  const [file = ""] = readdirSync(indexes).filter((name) => name.endsWith(".db"));
  const db = new Database(join(indexes, file));
  db.exec(`WITH RECURSIVE n (i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 10200)
    INSERT INTO entry SELECT i, 'train', NULL, i % 50, i, 0, 'fail-pass', 'cut', 0, 1, i % 7, i FROM n;
    INSERT INTO preview SELECT id, 'x' FROM entry WHERE id >= 100;
    INSERT INTO words (rowid, text) SELECT id, 'often ' || id FROM entry WHERE id >= 100`);
  const found = (query: EpisodeQuery): readonly unknown[] => {
    const { total, isMore, entries } = index.find({ limit: 3, ...query });
    return [total, isMore, ...entries.map(({ id }) => id)];
  };
  expect(found({ path: "fail-pass", order: "-recorded" })).toEqual([10_000, true, 10_200, 10_199, 10_198]);
  expect(found({ text: "often" })).toEqual([10_000, true, 100, 101, 102]);
  expect(found({ text: "ofte", order: "-recorded", after: "150_150" })).toEqual([
    10_000,
    true,
    149,
    148,
    147,
  ]);
  expect(found({ text: "often", order: "tokens" })).toEqual([10_000, true, 10_200, 10_199, 10_198]);
  expect(found({ text: "777 often", order: "tokens" })).toEqual([1, undefined, 777]);
  expect(found({ step: 7, order: "advantage" })).toEqual([202, undefined, 10_107, 9_757, 9_407]);
  for (const order of EPISODE_ORDERS) {
    for (const query of [
      {},
      { path: "solved" },
      { text: "often" },
      { text: "often", code: "cut" },
    ] as const) {
      const { page } = toSql({ ...query, order }, 100);
      const plan = db.prepare(`EXPLAIN QUERY PLAN ${page.text}`).all(...page.values);
      expect([page.text, JSON.stringify(plan)]).toEqual([
        page.text,
        expect.not.stringContaining("TEMP B-TREE"),
      ]);
    }
  }
  db.close();
  index.close();
});

test("it grows with a run that goes on, in two processes at the same time too", () => {
  const { store, reader, indexes } = world(10);
  const [one, two] = [openEpisodeIndex(reader, indexes), openEpisodeIndex(reader, indexes)];
  one.update();
  add(store, [10, 11, 12, 13]);
  store.end("stopped");
  two.update();
  expect(one.update()).toEqual({ indexed: 14, isComplete: true });
  expect(one.find({ text: "quick" }).total).toBe(4);
  expect(one.counts().reduce((sum, { count }) => sum + count, 0)).toBe(14);
  one.close();
  two.close();
});

test("without a place to lie it is in memory", () => {
  const { reader } = world(5);
  // A file is no folder.
  const taken = join(temporary(), "taken");
  writeFileSync(taken, "");
  const index = openEpisodeIndex(reader, taken);
  expect(index.update().indexed).toBe(5);
  expect(readFileSync(taken, "utf8")).toBe("");
  index.close();
});

test("words are small, without accents, apart by one space", () => {
  expect(plainWords(" (3 + 4) * 12 = Forty-two\0\u200b")).toBe("3 4 12 forty two");
  expect(plainWords("Żółw, naïve ΣΊΣΥΦΟΣ ﬁne 北京 e\u0301x")).toBe("zołw naive σισυφος fine 北京 ex");
  expect(plainWords("!? \u0300")).toBe("");
});

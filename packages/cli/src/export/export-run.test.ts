import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fail } from "@rrr/core";
import Database from "libsql";
import { expect, test } from "vitest";
import { project } from "../../../plugins/test/plugin-files.ts";
import { createRunStore } from "../../../runs/src/store/run-store.ts";
import { runHeader } from "../../../runs/test/run-header.ts";
import { exportRun } from "./export-run.ts";

test("what cannot be written to its end leaves no file behind", async () => {
  const folder = project({});
  const store = createRunStore(folder, runHeader());
  const attempt = {
    prompt: [],
    completion: { text: "", finish: "stop" },
    verdict: { kind: "pass" },
  } as const;
  const episode = { kind: "solved", item: 1, attempt } as const;
  store
    .record("evaluate")
    .add({ problem: 0, sample: 0, part: "episodes", episode, outcomes: { first: true }, seconds: 1 });
  store.end("finished");
  store.close();
  const vandal = new Database(join(folder, "run.db"));
  vandal.exec("PRAGMA foreign_keys = OFF; UPDATE turn SET prompt = 7");
  vandal.close();
  const out = join(folder, "turns.jsonl");
  const exported = exportRun(folder, { format: "jsonl", what: "turns", out });
  await expect(exported).rejects.toMatchObject({ code: "bad-run" });
  expect(existsSync(out)).toBe(false);
  await exportRun(folder, { format: "csv", what: "outcomes", out });
  expect(existsSync(out)).toBe(true);
  const nowhere = exportRun(folder, {
    format: "csv",
    what: "outcomes",
    out: join(folder, "no", "folder.csv"),
  });
  await expect(nowhere).rejects.toMatchObject({ code: "bad-run" });
});

test("CSV that a spreadsheet opens runs nothing: formulas are text, numbers are numbers; JSON Lines are exact", async () => {
  const folder = project({});
  const store = createRunStore(folder, runHeader());
  const texts = [
    "=1+1",
    "+1",
    "-1+cmd|' /C calc'!A0",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\uff1d1",
    "plain",
    "a=b",
  ].concat([" =1", "\u00a0=1", "\u200b=1", "\u0001=1", "\ufffd=1", "\ufeff\n+1", " a=b"]);
  const record = store.record("evaluate");
  texts.forEach((text, problem) => {
    const attempt = { prompt: [], completion: { text, finish: "stop" }, verdict: { kind: "pass" } } as const;
    const episode = { kind: "solved", item: problem, attempt } as const;
    record.add({ problem, sample: 0, part: "episodes", episode, outcomes: { first: true }, seconds: -0.5 });
  });
  store.end("finished");
  store.close();
  const read = async (format: "csv" | "jsonl") => {
    const out = join(folder, `episodes.${format}`);
    await exportRun(folder, { format, what: "episodes", out });
    return readFileSync(out, "utf8");
  };
  const rows = (await read("csv"))
    .trim()
    .split(/\n(?=r-|[^,\n]*,\d+,evaluate)/)
    .slice(1);
  const safe = ["plain", "a=b", " a=b"];
  texts.forEach((text, i) => {
    const cell = safe.includes(text) ? text : `'${text}`;
    expect(rows[i]).toContain(/[\r\n]/.test(text) ? `,"${cell}",pass,` : `,${cell},pass,`);
    expect(rows[i]).toContain(",-0.5,");
  });
  const exact = (await read("jsonl"))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line).attempt);
  expect(exact).toEqual(texts);
});

test("a text that is too long to be written is bad-run, and no file is left", async () => {
  const folder = project({});
  const store = createRunStore(folder, runHeader());
  const completion = { text: "", finish: "stop" } as const;
  const attempt = { prompt: [{ role: "user", content: "?" }], completion, verdict: fail("wrong") } as const;
  const reflection = { prompt: [], completion, retry: attempt };
  const episode = { kind: "reflected", item: 1, attempt, reflection } as const;
  const outcomes = { first: false, after: false };
  store.record("evaluate").add({ problem: 0, sample: 0, part: "episodes", episode, outcomes, seconds: 1 });
  store.end("finished");
  store.close();
  const out = join(folder, "out");
  // Each byte of it takes six letters in JSON.
  for (const [table, column] of [
    ["message", "content"],
    ["turn", "text"],
  ]) {
    const vandal = new Database(join(folder, "run.db"));
    vandal.exec(`UPDATE ${table} SET ${column} = CAST(zeroblob(90000000) AS TEXT)`);
    vandal.close();
    const exported = exportRun(folder, {
      format: "jsonl",
      what: table === "turn" ? "episodes" : "turns",
      out,
    });
    await expect(exported).rejects.toMatchObject({ code: "bad-run" });
    expect(existsSync(out)).toBe(false);
  }
});

/** Whole runs of the built command: real engine, real training, a very small model. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import Database from "libsql";
import { expect, test, vi } from "vitest";
import { runCli, startCli } from "./run-cli.ts";
import { smallWorld } from "./small-world.ts";

// Seconds on two idle cores; on a busy machine the engine's threads wait for each other.
vi.setConfig({ testTimeout: 300_000 });

const RUN = ["run", "./chance.mjs", "--model", "model", "--limit", "12"];

test("a run leaves what it says, and the same seed gives the same table and result", async () => {
  const cwd = await smallWorld();
  const first = await runCli(cwd, [...RUN, "--steps", "2", "--out", "one"]);
  expect(first.code).toBe(0);
  expect(first.stdout).toMatch(/^chance · model model · 12 held-out problems · seed 0 · 2 steps\n/);
  for (const row of [
    "first try",
    "after reflection",
    "blind retry",
    "another's reflection",
    "pass@2",
    "greedy",
  ]) {
    expect(first.stdout).toContain(row);
  }
  expect(first.stderr).toContain("train: 2/2 steps");
  expect(first.stderr).toContain("Everything is kept in one");
  const list = (folder: string) => readdirSync(join(cwd, folder)).sort();
  expect(list("one")).toEqual(["checkpoints", "report.txt", "result.json", "run.db"]);
  expect(list("one/checkpoints")).toEqual(["step-000002"]);
  expect(list("one/checkpoints/step-000002")).toEqual(
    expect.arrayContaining(["config.json", "tokenizer.json", "model.safetensors"]),
  );

  const second = await runCli(cwd, [...RUN, "--steps", "2", "--out", "two", "--quiet"]);
  expect(second).toEqual({ code: 0, stdout: first.stdout, stderr: "" });
  const result = (run: string) => readFileSync(join(cwd, run, "result.json"), "utf8");
  expect(result("two")).toBe(result("one"));

  const db = new Database(join(cwd, "one/run.db"), { readonly: true });
  const count = (sql: string) => (db.prepare(`SELECT count(*) AS n FROM ${sql}`).get() as { n: number }).n;
  expect(count("step")).toBe(2);
  expect(count("episode WHERE stage = 'evaluate-before'")).toBe(12);
  expect(count("episode WHERE stage = 'train'")).toBe(2 * 32 * 8);
  expect(count("evaluation WHERE stage = 'after'")).toBe(9);
  expect(db.prepare("SELECT status FROM run").get()).toMatchObject({ status: "finished" });
  db.close();

  const trained = ["--no-train", "--model", "one/checkpoints/step-000002", "--out", "three"];
  const again = await runCli(cwd, [...RUN, ...trained]);
  expect(again.code).toBe(0);
  const { before } = JSON.parse(result("three"));
  expect(before.rates).toEqual(JSON.parse(result("one")).after.rates);
});

test("--json: one object a line on standard output, the rest on standard error", async () => {
  const { code, stdout, stderr } = await runCli(await smallWorld(), [...RUN, "--steps", "1", "--json"]);
  expect(code).toBe(0);
  const events = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const kinds = events.map(({ kind }) => kind);
  expect(kinds).toEqual(["run", "evaluation", "failures", "step", "evaluation", "result"]);
  expect(events.at(-1)).toMatchObject({ task: "chance", seed: 0, steps: 1, reward: "retry" });
  expect(stderr).toContain("first try");
});

test("random rewards and a faulty verifier are named in the report; the run goes on", async () => {
  const flags = ["--steps", "1", "--reward", "random", "--preset", "faulty"];
  const { code, stdout } = await runCli(await smallWorld(), [...RUN, ...flags]);
  expect(code).toBe(0);
  expect(stdout).toContain("RANDOM rewards");
  expect(stdout).toMatch(/errored problems, in no share +[1-9]/);
  expect(stdout).toMatch(/[1-9] of 12 problems errored/);
});

test.each([["SIGINT"], ["SIGTERM"]] as const)(
  "%s in the middle of training: ends within a second, keeps every step, says where",
  async (signal) => {
    const cwd = await smallWorld();
    const {
      process: child,
      seen,
      ended,
    } = startCli(cwd, [...RUN, "--steps", "40", "--json", "--out", "run"]);
    await seen('"step":3,');
    const started = performance.now();
    child.kill(signal);
    const { code, stdout, stderr } = await ended;
    expect(performance.now() - started).toBeLessThan(1_000);
    expect(code).toBe(130);
    expect(stderr).toContain("kept in run");
    const events = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(events.at(-1)).toMatchObject({ kind: "stopped" });
    const db = new Database(join(cwd, "run/run.db"), { readonly: true });
    const { steps, status } = db
      .prepare("SELECT (SELECT count(*) FROM step) AS steps, status FROM run")
      .get() as Record<string, unknown>;
    db.close();
    expect(steps).toBeGreaterThanOrEqual(events.filter(({ kind }) => kind === "step").length);
    expect(status).toBe("stopped");
  },
);

/** Evaluations of a hosted model with the built command: a real server, real interruptions. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parquetReadObjects } from "hyparquet";
import { expect, test, vi } from "vitest";
import { EVEN_TASK, project } from "../../plugins/test/plugin-files.ts";
import { hostedModel } from "./hosted-model.ts";
import { runCli, startCli } from "./run-cli.ts";

// Seconds on two idle cores; on a busy machine a process alone takes some to start.
vi.setConfig({ testTimeout: 300_000 });

const EVAL = ["eval", "./even.mjs", "--isolate", "none", "--no-cache"];

function world(): string {
  return project({ "even.mjs": `export default ${EVEN_TASK};` });
}

const resultIn = (cwd: string, run: string) => readFileSync(join(cwd, run, "result.json"), "utf8");

test("from an evaluation to a comparison of two, and the texts of either", async () => {
  const cwd = world();
  const { flags } = await hostedModel();
  const one = await runCli(cwd, [...EVAL, ...flags, "--limit", "40", "--out", "runs/one"]);
  expect(one.stderr).toContain("evaluate: episodes: 40/40 problems");
  expect(one.stderr).toMatch(/[\d,]+ tokens in [\d,]+ requests/);
  expect(one).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("even · model openai:even · 40 held-out"),
  });
  for (const row of ["first try", "after reflection", "blind retry", "another's", "pass@2", "same tokens"]) {
    expect(one.stdout).toContain(row);
  }
  const two = [
    ...flags,
    "--limit",
    "40",
    "--samples",
    "3",
    "--rounds",
    "2",
    "--no-controls",
    "--out",
    "runs/two",
  ];
  expect((await runCli(cwd, [...EVAL, ...two, "--quiet"])).stderr).toBe("");

  const runs = await runCli(cwd, ["runs"]);
  expect(runs.stdout).toMatch(/^two +eval +openai:even +finished +40/m);
  const { stdout } = await runCli(cwd, ["compare", "one", "runs/two"]);
  expect(stdout).toMatch(/^first try +\d+\.\d % \[.*\] +\d+\.\d % \[.*\] +[+−]?\d+\.\d \[.*\] +p [=<]/m);
  expect(stdout).toContain("is not significant");
  const comparison = JSON.parse((await runCli(cwd, ["compare", "one", "two", "--json"])).stdout);
  expect(comparison).toMatchObject({ problems: 40, left: [0, 0] });

  const shown = await runCli(cwd, ["show", "one"]);
  expect(shown.stdout).toContain(one.stdout);
  const text = await runCli(cwd, ["show", "one", "--failed"]);
  expect(text.stdout).toMatch(/── attempt: fail, wrong\n\d+\n── reflection\n\d+\n── retry: fail, wrong/);
  const again = await runCli(cwd, ["reverify", "one"]);
  expect(again.stdout).toMatch(/^\d+ verdicts checked, 0 changed/);
});

test("what the verifier says by now is found without asking the model", async () => {
  const cwd = world();
  const { flags, answered } = await hostedModel();
  await runCli(cwd, [...EVAL, ...flags, "--limit", "20", "--no-controls", "--out", "run", "--quiet"]);
  const before = answered();
  const stricter = EVEN_TASK.replace("% 2 === 0", "% 4 === 0");
  const other = project({ "even.mjs": `export default ${stricter};` });
  const found = await runCli(cwd, ["reverify", "run", "--plugin", join(other, "even.mjs"), "--json"]);
  const lines = found.stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const counts = lines.pop();
  expect(counts).toMatchObject({ kind: "counts", changed: lines.length, toPass: 0, toFail: lines.length });
  expect(lines.length).toBeGreaterThan(0);
  for (const { was, is, text } of lines) {
    expect([was, is, Number(text) % 4]).toEqual(["pass", "fail, wrong", 2]);
  }
  expect(answered()).toBe(before);
});

test("every format holds every episode, and failures are prompts for a trainer", async () => {
  const cwd = world();
  const { flags } = await hostedModel();
  await runCli(cwd, [...EVAL, ...flags, "--limit", "30", "--out", "run", "--quiet"]);
  const exported = async (...args: readonly string[]) =>
    (await runCli(cwd, ["export", "run", ...args])).stdout;
  const rows = (await exported())
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(rows).toHaveLength(30);
  const csv = await exported("--format", "csv");
  expect(csv.split("\n")[0]).toBe(Object.keys(rows[0]).join(","));
  expect(csv.trim().split("\n")).toHaveLength(31);
  expect(await exported("--format", "parquet", "--out", "run.parquet")).toBe("");
  const bytes = readFileSync(join(cwd, "run.parquet"));
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  expect(await parquetReadObjects({ file })).toEqual(rows);
  const over = await runCli(cwd, ["export", "run", "--format", "parquet", "--out", "run.parquet"]);
  expect(over).toMatchObject({ code: 2, stderr: expect.stringContaining("is there already") });

  const failures = (await exported("--what", "failures"))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(failures).toHaveLength(rows.filter(({ attempt_verdict }) => attempt_verdict === "fail").length);
  expect(failures[0].prompt.map(({ role }: { role: string }) => role)).toEqual(["user", "assistant", "user"]);
  expect(failures[0].prompt[2].content).toBe("That was wrong. Why?");
});

test("killed again and again, an evaluation comes to what it comes to without", async () => {
  const cwd = world();
  const { flags } = await hostedModel(5);
  const size = ["--limit", "120", "--concurrency", "4"];
  await runCli(cwd, [...EVAL, ...flags, ...size, "--out", "whole", "--quiet"]);
  const broken = startCli(cwd, [...EVAL, ...flags, ...size, "--out", "broken"]);
  await broken.seen("evaluate: episodes");
  broken.process.kill("SIGKILL");
  await broken.ended;
  for (const moment of ["evaluate: episodes", "evaluate: controls"]) {
    const { process: child, seen, ended } = startCli(cwd, ["resume", "broken"]);
    await seen(moment);
    const meanwhile = await runCli(cwd, ["resume", "broken"]);
    expect(meanwhile).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("is being written by another rrr"),
    });
    child.kill("SIGKILL");
    await ended;
  }
  const last = await runCli(cwd, ["resume", "broken", "--quiet"]);
  expect(last.code).toBe(0);
  expect(resultIn(cwd, "broken")).toBe(resultIn(cwd, "whole"));
  expect(readdirSync(join(cwd, "broken")).sort()).toEqual(["report.txt", "result.json", "run.db"]);
  const finished = await runCli(cwd, ["resume", "broken"]);
  expect(finished).toMatchObject({ code: 1, stderr: expect.stringContaining("is finished") });
});

test("a run is not resumed when what it depends on has changed; the difference is named", async () => {
  const cwd = world();
  const { flags } = await hostedModel();
  await runCli(cwd, [
    ...EVAL,
    ...flags,
    "--limit",
    "10",
    "--out",
    "run",
    "--max-tokens-total",
    "100",
    "--quiet",
  ]);
  const file = join(cwd, "even.mjs");
  writeFileSync(file, readFileSync(file, "utf8").replace("That was wrong.", "Wrong."));
  const refused = await runCli(cwd, ["resume", "run"]);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toMatch(/cannot be resumed: task.file was ".*" and is now ".*" \[bad-run\]/);
});

test("a spent budget ends a run cleanly, and more of it goes on", async () => {
  const cwd = world();
  const { flags, answered } = await hostedModel();
  const size = ["--limit", "30", "--concurrency", "2"];
  await runCli(cwd, [...EVAL, ...flags, ...size, "--out", "whole", "--quiet"]);
  const asked = answered();
  const spent = await runCli(cwd, [
    ...EVAL,
    ...flags,
    ...size,
    "--out",
    "runs/run",
    "--max-tokens-total",
    "700",
  ]);
  expect(spent.code).toBe(1);
  expect(spent.stderr).toContain("[budget-spent]");
  expect(spent.stderr).toContain("npx rrr resume runs/run");
  // What is solved at once comes first: shares of what is done so far are no figures.
  const listed = JSON.parse((await runCli(cwd, ["runs", "--json"])).stdout);
  expect(listed).toMatchObject([{ name: "run", status: "stopped" }]);
  expect(listed[0]).not.toHaveProperty("first");
  expect((await runCli(cwd, ["resume", "run", "--quiet"])).code).toBe(0);
  expect(resultIn(cwd, "runs/run")).toBe(resultIn(cwd, "whole"));
  // Nothing that was answered before the budget was spent is asked again but the episodes under way.
  expect(answered()).toBeLessThanOrEqual(2 * asked + 4);
});

test("what errored is counted, and asked once more on request", async () => {
  const cwd = world();
  // At this answer the verifier throws.
  const { flags } = await hostedModel(0, (answered) => (answered >= 4 && answered < 9 ? "throw" : undefined));
  const size = ["--limit", "12", "--concurrency", "1", "--no-controls"];
  const first = await runCli(cwd, [...EVAL, ...flags, ...size, "--out", "run"]);
  expect(first.stdout).toMatch(/errored problems +[1-5]/);
  const second = await runCli(cwd, ["resume", "run", "--retry-errored"]);
  expect(second.stdout).toMatch(/errored problems +0/);
});

test("an evaluation in which everything errored is no success", async () => {
  const cwd = world();
  const { flags } = await hostedModel(0, () => "throw");
  const { code, stderr } = await runCli(cwd, [...EVAL, ...flags, "--limit", "3", "--no-controls"]);
  expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining("everything errored") });
  expect(stderr).toMatch(/^3 errored: .*verifier bug \[verifier-failed\]$/m);
});

test("a bar in CI: its own exit code", async () => {
  const cwd = world();
  const { flags } = await hostedModel();
  const bars = [
    "--limit",
    "10",
    "--no-controls",
    "--quiet",
    "--fail-below",
    "first=0",
    "--fail-below",
    "after=1",
  ];
  const { code, stderr } = await runCli(cwd, [...EVAL, ...flags, ...bars]);
  expect(code).toBe(3);
  expect(stderr).toMatch(/^rrr: after reflection is \d+\.\d %; at least 100.0 % is asked for.\n$/);
  const wrong = await runCli(cwd, [...EVAL, "--fail-below", "afterwards=1"]);
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining("Measures: first, after") });
});

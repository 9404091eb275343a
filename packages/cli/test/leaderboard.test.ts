/** Published data with the built command: every row is asked, in the form that servers take, and scored as published. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test, vi } from "vitest";
import { project } from "../../plugins/test/plugin-files.ts";
import { runCli } from "./run-cli.ts";

vi.setConfig({ testTimeout: 300_000 });

const data = fileURLToPath(new URL("../../task-function-calling/fixtures/bfcl/", import.meta.url));
type Accepted = Readonly<Record<string, Readonly<Record<string, readonly unknown[]>>>>;
interface Row {
  readonly id: string;
  readonly question: readonly [readonly { readonly content: string }[]];
  readonly function: readonly { readonly name: string }[];
}

const rowsOf = (file: string): readonly Row[] =>
  readFileSync(join(data, file), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

/** The calls that the published answer of each row stands for, by the last words of its question. */
function publishedCalls(): ReadonlyMap<string, readonly object[]> {
  const calls = new Map<string, readonly object[]>();
  for (const file of readdirSync(data).filter((name) => name.endsWith(".json"))) {
    const isAnswered = !/relevance/.test(file);
    const answers = isAnswered ? (rowsOf(join("possible_answer", file)) as unknown as readonly Answer[]) : [];
    for (const row of rowsOf(file)) {
      const answer = answers.find(({ id }) => id === row.id)?.ground_truth;
      const any = file.includes("live_relevance") ? [{ [row.function[0]?.name ?? ""]: {} }] : [];
      calls.set(row.question[0].at(-1)?.content ?? "", (answer ?? any).map(callOf));
    }
  }
  return calls;
}
interface Answer {
  readonly id: string;
  readonly ground_truth: readonly Accepted[];
}

function callOf(accepted: Accepted): object {
  const [[name, given] = ["", {}]] = Object.entries(accepted);
  const values = Object.entries(given).map(([key, alternatives]) => [key, firstOf(alternatives)] as const);
  const text = JSON.stringify(Object.fromEntries(values.filter(([, value]) => value !== undefined)));
  return { type: "function", function: { name: name.replaceAll(".", "_"), arguments: text } };
}

function firstOf(alternatives: readonly unknown[]): unknown {
  const first = alternatives.find((value) => value !== "");
  return plain(first);
}

/** A dict lists alternatives for each key. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).map(
    ([key, part]) => [key, Array.isArray(part) ? firstOf(part) : part] as const,
  );
  return Object.fromEntries(members.filter(([, part]) => part !== undefined));
}

interface Body {
  readonly messages: readonly { readonly content: string }[];
  readonly tools?: readonly { readonly function: { readonly name: string; readonly parameters: object } }[];
}

async function serve(
  calls: ReadonlyMap<string, readonly object[]>,
): Promise<{ readonly url: string; readonly asked: Body[] }> {
  const asked: Body[] = [];
  const server = createServer(async (request, response) => {
    response.setHeader("content-type", "application/json");
    if (request.method === "GET") {
      response.end(JSON.stringify({ data: [{ id: "m" }] }));
      return;
    }
    let text = "";
    for await (const chunk of request) text += chunk;
    const body = JSON.parse(text) as Body;
    asked.push(body);
    const question = body.messages.at(-1)?.content ?? "";
    const [, made = []] = [...calls].find(([words]) => question.endsWith(words)) ?? [];
    const message = made.length > 0 ? { tool_calls: made, content: null } : { content: "None of them fits." };
    response.end(
      JSON.stringify({ choices: [{ message: { role: "assistant", ...message }, finish_reason: "stop" }] }),
    );
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, asked };
}

const EVAL = ["eval", "function-calling", "--no-controls", "--no-cache", "--model", "openai:m", "--quiet"];

test("all of the leaderboard's rows are asked, and the score is the leaderboard's", async () => {
  const cwd = project({});
  const { url, asked } = await serve(publishedCalls());
  const flags = [...EVAL, "--base-url", url, "--data", data, "--split", "all", "--out", "all"];
  const run = await runCli(cwd, flags);
  expect(run).toMatchObject({ code: 0, stdout: expect.stringContaining("42 held-out problems") });
  expect(run.stdout).toContain(`Drawn from all rows of ${resolve(data)}`);

  const { scores } = JSON.parse((await runCli(cwd, ["score", "all", "--json"])).stdout);
  const shares = new Map<string, number>(
    scores[0].lines.first.map(({ label, share }: { label: string; share: number }) => [label, share]),
  );
  // Java and JavaScript are answered as Python here: their values must be texts.
  expect([...shares].filter(([, share]) => share === 1).map(([label]) => label)).toEqual([
    ...["simple_python", "multiple", "parallel", "parallel_multiple", "live_simple"],
    ...["irrelevance", "live_irrelevance", "relevance", "live_relevance"],
  ]);
  expect(shares.get("live")).toBeUndefined();
  expect((await runCli(cwd, ["score", "all"])).stdout).toMatch(
    /^ {6}simple_python +12 +100\.0 % +100\.0 %$/m,
  );

  for (const { function: tool } of asked.flatMap(({ tools = [] }) => tools)) {
    expect(tool.name).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
    expect(JSON.stringify(tool.parameters)).not.toMatch(/"type":"(?:dict|float|tuple|any|HashMap|Array)"/);
  }
});

test("a bad row ends the run by name, or is left out and counted", async () => {
  const row = (query: unknown): string =>
    JSON.stringify({ query, tools: [{ name: "f" }], answers: [{ name: "f", arguments: {} }] });
  const cwd = project({});
  writeFileSync(join(cwd, "rows.jsonl"), [row("a"), row(5), row("c")].join("\n"));
  const { url } = await serve(new Map([["a", [callOf({ f: {} })]]]));
  const flags = [...EVAL, "--base-url", url, "--data", "rows.jsonl", "--split", "all"];
  const ended = await runCli(cwd, flags);
  expect(ended.code).toBe(1);
  expect(ended.stderr).toMatch(/rows\.jsonl, line 2: query must be a string/);
  const run = await runCli(cwd, [...flags, "--skip-bad-items", "--out", "some"]);
  expect(run.stdout).toContain("2 held-out problems");
  expect(run.stdout).toMatch(/1 bad row was left out: .*rows\.jsonl, line 2/);
  expect((await runCli(cwd, ["show", "some"])).stdout).toContain("1 bad row was left out");
  expect((await runCli(cwd, ["score", "some"])).stderr).toContain("no score of its own");
});

test("where all is held out there is nothing to train on, and that is no finding", async () => {
  const all = ["function-calling", "--data", data, "--split", "all"];
  const run = await runCli(project({}), ["run", ...all]);
  expect(run).toMatchObject({ code: 2, stderr: expect.stringContaining("nothing is left to train on") });
  const checked = await runCli(project({}), ["check", ...all]);
  expect(checked).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("All of its items are held out"),
  });
  expect(checked.stdout).toMatch(/^ {2}ok +the held-out split has items$/m);
  expect(checked.stdout).toContain("no findings");
});

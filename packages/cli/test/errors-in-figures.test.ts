/** An evaluation that errors in part: no figure of it may be other than that of one that did not, or a bound of it. */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { deriveKey } from "@rrr/core";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { EVEN_TASK, project } from "../../plugins/test/plugin-files.ts";
import { runCli } from "./run-cli.ts";

vi.setConfig({ testTimeout: 300_000 });

interface Request {
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly seed: number;
  readonly temperature: number;
}

/**
 * Answers are a function of what is asked.
 * @param refuses a message for what is refused with status 400
 * @param laterMs what a turn after the first takes
 */
async function modelThat(refuses: (request: Request, answered: number) => string | undefined, laterMs = 0) {
  let answered = 0;
  let isMended = false;
  const server = createServer((request, response) => {
    let text = "";
    request
      .on("data", (chunk) => {
        text += chunk;
      })
      .on("end", () => {
        response.setHeader("content-type", "application/json");
        if (request.method !== "POST") return response.writeHead(404).end("{}");
        const asked = JSON.parse(text) as Request;
        const message = isMended ? undefined : refuses(asked, answered);
        if (message !== undefined) return response.writeHead(400).end(JSON.stringify({ error: { message } }));
        answered++;
        const key = deriveKey(asked.seed, JSON.stringify(asked.messages));
        const content = String(1_000 + 2 * (key % 100) + (key % 5 < 3 ? 0 : 1));
        const choices = [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }];
        const usage = { prompt_tokens: 7, completion_tokens: 4, total_tokens: 11 };
        const body = JSON.stringify({ object: "chat.completion", choices, usage });
        return setTimeout(() => response.end(body), asked.messages.length > 1 ? laterMs : 0);
      });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  return {
    flags: ["--model", "openai:even", "--base-url", url],
    mend: () => {
      isMended = true;
    },
  };
}

interface Rate {
  readonly value?: number;
  readonly low: number;
  readonly high: number;
  readonly bounds?: readonly [number, number];
}

const ratesIn = (cwd: string, run: string): Record<string, Rate> =>
  JSON.parse(readFileSync(join(cwd, run, "result.json"), "utf8")).before.rates;

const EVAL = [
  "eval",
  "./even.mjs",
  "--isolate",
  "none",
  "--no-cache",
  "--limit",
  "40",
  "--greedy",
  "--quiet",
];
const turns = (count: number) => (request: Request) => request.messages.length >= count;
const says = (text: string, is: (request: Request, answered: number) => boolean) =>
  [text, (request: Request, answered: number) => (is(request, answered) ? text : undefined)] as const;

describe("the first try stays what it was", () => {
  test.each([
    says("no assistant turn may be empty", turns(2)),
    says("this model's maximum context length is 4096 tokens", turns(5)),
    says("the model ran out of memory", (request) => turns(3)(request) && request.seed % 2 === 0),
  ])("%s", async (reason, refuses) => {
    const cwd = project({ "even.mjs": `export default ${EVEN_TASK};` });
    const { flags, mend } = await modelThat(refuses);
    const { code, stdout, stderr } = await runCli(cwd, [...EVAL, ...flags, "--out", "run"]);
    expect({ code, stderr }).toMatchObject({ code: 4, stderr: expect.stringContaining("--retry-errored") });
    expect(stdout).toMatch(/^first try +\d+\.\d % \[/m);
    expect(stdout).toMatch(/^after reflection +\d+\.\d to \d+\.\d % \[/m);
    expect((await runCli(cwd, ["show", "run", "--failed"])).stdout).toContain(reason);
    await expectTruthOrBounds(cwd, ["first", "greedyFirst"]);

    mend();
    await runCli(cwd, ["resume", "run", "--retry-errored", "--quiet"]);
    expect(ratesIn(cwd, "run")).toEqual(ratesIn(cwd, "whole"));
  });
});

test("a server that dies in mid-run leaves bounds, and --fail-below does not take one for a share", async () => {
  const cwd = project({ "even.mjs": `export default ${EVEN_TASK};` });
  const { flags, mend } = await modelThat((_, answered) =>
    answered > 30 ? "the server is going down" : undefined,
  );
  const bar = ["--fail-below", "first=0.5", "--concurrency", "2"];
  const { code, stdout, stderr } = await runCli(cwd, [...EVAL, ...flags, ...bar, "--out", "runs/cut"]);
  expect(code).toBe(4);
  expect(stderr).toMatch(
    /^rrr: first try is between .* and .*; at least 50.0 % is asked for: what errored decides/m,
  );
  expect(stdout).toMatch(/^first try +\d+\.\d to \d+\.\d % \[/m);
  expect(stdout).not.toMatch(/(?<!to )100\.0 % \[/);
  const cut = join("runs", "cut");
  await expectTruthOrBounds(cwd, [], cut);

  const { first, after } = ratesIn(cwd, cut);
  const [listed] = JSON.parse((await runCli(cwd, ["runs", "--json"])).stdout) as Record<string, Rate>[];
  expect(listed?.first).toEqual({ low: first?.low, high: first?.high, bounds: first?.bounds });
  expect(listed?.after).toEqual({ low: after?.low, high: after?.high, bounds: after?.bounds });
  expect((await runCli(cwd, ["runs"])).stdout).toMatch(/ \d+\.\d to \d+\.\d % /);

  const { stdout: compared } = await runCli(cwd, ["compare", "cut", "whole"]);
  expect(compared).toContain("Which is better in first try CANNOT BE TOLD");

  mend();
  const again = await runCli(cwd, ["resume", "cut", "--retry-errored", "--quiet"]);
  expect(again.code).toBe(0);
  expect(ratesIn(cwd, cut)).toEqual(ratesIn(cwd, "whole"));
});

test("greedy decoding that a server refuses is there, and says why", async () => {
  const cwd = project({ "even.mjs": `export default ${EVEN_TASK};` });
  const { flags } = await modelThat(({ temperature }) =>
    temperature === 0 ? "temperature 0 is not supported" : undefined,
  );
  const { code, stdout } = await runCli(cwd, [...EVAL, ...flags, "--out", "run"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^greedy: first try +not measured$/m);
  expect(stdout).toMatch(
    /^Greedy: first try was not measured: .*temperature 0 is not supported.*\(40 times\)\.$/m,
  );
});

/** Every rate is that of a run without errors, or bounds it. @param exact rates that must be the same */
async function expectTruthOrBounds(cwd: string, exact: readonly string[], run = "run"): Promise<void> {
  const { flags } = await modelThat(() => undefined);
  await runCli(cwd, [...EVAL, ...flags, "--out", "whole"]);
  const truth = ratesIn(cwd, "whole");
  const found = ratesIn(cwd, run);
  for (const measure of exact) expect(found[measure]?.value).toBe(truth[measure]?.value);
  for (const [measure, { value, low, high, bounds }] of Object.entries(found)) {
    // A leak is a share of the reflections that were written: other ones are another share.
    if (measure === "leak") continue;
    const right = truth[measure]?.value ?? Number.NaN;
    const [least, most] = bounds ?? [value ?? Number.NaN, value ?? Number.NaN];
    expect({ measure, isTrue: least <= right && right <= most }).toEqual({ measure, isTrue: true });
    expect(low).toBeLessThanOrEqual(least);
    expect(high).toBeGreaterThanOrEqual(most);
  }
}

test("an attempt that failed has no second chance when the run is stopped and resumed, again and again", async () => {
  const cwd = project({ "even.mjs": `export default ${EVEN_TASK};` });
  const attempts = new Map<string, number>();
  // It heeds no seed, and takes its time for what comes after a failure.
  const { flags } = await modelThat(({ messages: [problem, ...later] }) => {
    const asked = problem?.content ?? "";
    if (later.length === 0) attempts.set(asked, (attempts.get(asked) ?? 0) + 1);
    return undefined;
  }, 300);
  const size = ["--limit", "40", "--no-controls", "--concurrency", "4", "--no-cache", "--quiet"];
  const budget = ["--max-tokens-total", "120"];
  const begin = [
    "eval",
    "./even.mjs",
    "--isolate",
    "none",
    "--max-tokens",
    "8",
    ...flags,
    ...size,
    ...budget,
  ];
  let { code } = await runCli(cwd, [...begin, "--out", "run"]);
  let stops = 0;
  for (; code !== 0 && stops < 20; stops++) {
    const resume = ["resume", "run", "--quiet", "--max-tokens-total", stops < 5 ? "120" : "9000"];
    ({ code } = await runCli(cwd, resume));
  }
  expect(stops).toBeGreaterThan(3);
  const asked = [...attempts.values()].reduce((sum, times) => sum + times, 0);
  expect(attempts.size).toBe(40);
  // What was under way when it stopped is asked for again; nobody knew whether it had failed.
  expect(asked).toBeLessThanOrEqual(40 + 4 * stops);
  const twice = [...attempts.values()].filter((times) => times > 1).length;
  expect(twice).toBeLessThanOrEqual(4 * stops);
  const shown = await runCli(cwd, ["show", "run"]);
  expect(shown.stdout).toMatch(/^errored problems +0$/m);
});

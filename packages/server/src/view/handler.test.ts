import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Attempt, type Episode, fail, type Message, pass } from "@rrr/core";
import { expect, onTestFinished, test } from "vitest";
import { createRunStore } from "../../../runs/src/store/run-store.ts";
import { runHeader } from "../../../runs/test/run-header.ts";
import type {
  CompareAnswer,
  EpisodeAnswer,
  EpisodesAnswer,
  ResultAnswer,
  RunAnswer,
  RunsAnswer,
} from "./api.ts";
import { createViewHandler } from "./handler.ts";
import { createRunLibrary } from "./run-library.ts";

const TOKEN = "a-token";
const LONG = 50_000;

/** A run of `problems` problems, of which every other is solved at once. */
function storeRun(cwd: string, name: string, problems = 4): void {
  const folder = join(cwd, "runs", name);
  mkdirSync(folder, { recursive: true });
  const store = createRunStore(folder, runHeader("even", { kind: "evaluate", problems }, name));
  const record = store.record("evaluate");
  for (let problem = 0; problem < problems; problem++) {
    const item = { n: problem };
    const prompt: readonly Message[] = [{ role: "user", content: `even ${problem}?` }];
    const attempt: Attempt = {
      prompt,
      completion: { text: `no ${"x".repeat(LONG)}`, finish: "stop" },
      verdict: fail("wrong-value", "because"),
    };
    const after: readonly Message[] = [
      ...prompt,
      { role: "assistant", content: attempt.completion.text },
      { role: "user", content: "reflect" },
    ];
    const episode: Episode =
      problem % 2 === 0
        ? { kind: "solved", item, attempt: { ...attempt, verdict: pass() } }
        : {
            kind: "reflected",
            item,
            attempt,
            reflection: { prompt: after, completion: { text: "hm", finish: "stop" }, retry: attempt },
          };
    const first = problem % 2 === 0;
    record.add({
      part: "episodes",
      problem,
      sample: 0,
      episode,
      outcomes: { first, after: first },
      seconds: 1,
    });
  }
  store.end("finished");
  store.close();
}

function world(...names: readonly string[]) {
  const cwd = mkdtempSync(join(tmpdir(), "rrr-view-"));
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }));
  for (const name of names) storeRun(cwd, name);
  const page = { type: "text/html", body: new TextEncoder().encode("<p>page") };
  const { handle, close } = createViewHandler({
    runs: createRunLibrary([], cwd),
    assets: new Map([["/", page]]),
    token: TOKEN,
    indexes: join(cwd, "cache"),
  });
  onTestFinished(close);
  const request = (path: string, init: RequestInit = {}): Promise<Response> =>
    handle(
      new Request(`http://localhost${path}`, {
        ...init,
        headers: { host: "127.0.0.1:1", "x-rrr-token": TOKEN, ...(init.headers as object) },
      }),
    );
  async function get<Answer>(path: string): Promise<Answer> {
    const response = await request(path);
    expect([path, response.status]).toEqual([path, 200]);
    return (await response.json()) as Answer;
  }
  const status = async (path: string, headers: object = {}, method = "GET"): Promise<number> =>
    (await request(path, { headers: headers as Record<string, string>, method })).status;
  return { cwd, get, request, status };
}

test("runs, their results and their episodes come as JSON, and nothing is written beside them", async () => {
  const { cwd, get } = world("a", "b");
  const before = readdirSync(join(cwd, "runs", "a"));
  const { runs, pending } = await get<RunsAnswer>("/api/runs");
  expect([runs.map(({ name }) => name).sort(), pending]).toEqual([["a", "b"], 0]);
  expect(runs[0]).toMatchObject({ state: "finished", problems: 4, errored: 0, first: { value: 0.5 } });
  const id = runs.find(({ name }) => name === "a")?.id;
  const run = await get<RunAnswer>(`/api/runs/${id}`);
  expect(run).toMatchObject({ task: "even", model: "a", seed: 0, steps: 0 });
  expect(run.settings).toContainEqual({ setting: "problems", value: 4, usual: 200, isChanged: true });
  const result = await get<ResultAnswer>(`/api/runs/${id}/result`);
  expect(result).toMatchObject({ kind: "result", head: ["", "share of problems"] });
  const found = await get<EpisodesAnswer>(
    `/api/runs/${id}/episodes?path=fail-fail&text=even+because&limit=1`,
  );
  expect(found).toMatchObject({ total: 0, isComplete: true });
  const failed = await get<EpisodesAnswer>(`/api/runs/${id}/episodes?path=fail-fail&limit=1&text=because`);
  expect(failed).toMatchObject({ total: 2, entries: [{ code: "wrong-value" }] });
  const next = await get<EpisodesAnswer>(
    `/api/runs/${id}/episodes?path=fail-fail&limit=1&after=${failed.next}`,
  );
  expect(next).toMatchObject({ total: 2, entries: [{ problem: 3 }] });
  expect(next.next).toBeUndefined();
  const episode = await get<EpisodeAnswer>(`/api/runs/${id}/episodes/${next.entries[0]?.id}`);
  expect(episode.turns.map(({ role, verdict }) => [role, verdict])).toEqual([
    ["attempt", "fail"],
    ["reflection", null],
    ["retry", "fail"],
  ]);
  // The first 20,000 characters, and where the conversation has an answer word for word.
  expect(episode.turns[0]?.text).toEqual({ text: expect.stringMatching(/^no x{19997}$/), length: LONG + 3 });
  expect(episode.messages.map(({ answerOf }) => answerOf)).toEqual([undefined, 0, undefined]);
  const rest = await get(`/api/runs/${id}/episodes/${episode.id}/text?of=turn.0&from=20000`);
  expect(rest).toMatchObject({ from: 20_000, length: LONG + 3, text: "x".repeat(LONG + 3 - 20_000) });
  expect(readdirSync(join(cwd, "runs", "a"))).toEqual(before);
});

test("two runs are compared, and their episodes found by problem", async () => {
  const { get } = world("a", "b");
  const { runs } = await get<RunsAnswer>("/api/runs");
  const [a, b] = runs.map(({ id }) => id);
  const compared = await get<CompareAnswer>(`/api/compare?a=${a}&b=${b}`);
  expect(compared).toMatchObject({ problems: 4, flips: [], sides: [{ id: a }, { id: b }] });
  expect(await get(`/api/runs/${a}/problem?stage=evaluate&problem=3`)).toEqual({ episodes: [4] });
});

test("only the page of this server, with its token, gets data; and every answer is one in which nothing runs", async () => {
  const { request, status } = world("a");
  expect(await status("/api/runs")).toBe(200);
  expect(await status("/api/runs", { "x-rrr-token": "another" })).toBe(401);
  expect(await status("/api/runs", { "x-rrr-token": "" })).toBe(401);
  for (const host of [
    "evil.example",
    "127.0.0.1.evil.example",
    "localhost:1:2",
    "[::1]",
    "",
    "127.0.0.1:1@evil",
  ]) {
    expect([host, await status("/", { host })]).toEqual([host, 403]);
  }
  for (const origin of ["http://evil.example", "null", "http://127.0.0.1:2", "https://127.0.0.1:1", ""]) {
    expect([origin, await status("/api/runs", { origin })]).toEqual([origin, 403]);
  }
  expect(await status("/api/runs", { origin: "http://127.0.0.1:1" })).toBe(200);
  for (const method of ["POST", "PUT", "DELETE", "OPTIONS"]) {
    expect(await status("/api/runs", {}, method)).toBe(405);
  }
  for (const path of ["/", "/api/runs", "/nothing", "/api/%zz"]) {
    const { headers } = await request(path);
    expect(headers.get("content-security-policy")).toMatch(
      /^default-src 'none'; script-src 'self'; style-src 'self';/,
    );
    expect(headers.get("content-security-policy")).not.toContain("unsafe");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
  }
});

test("what is asked wrongly is told so, and what is not there is not there", async () => {
  const { cwd, get, status } = world("a");
  const { runs } = await get<RunsAnswer>("/api/runs");
  const id = runs[0]?.id;
  writeFileSync(join(cwd, "secret"), "s");
  const nowhere = [
    "/../secret",
    "/%2e%2e/secret",
    "/..%2fsecret",
    "/secret",
    "/api",
    "/api/",
    "/api/runs/..",
    "/api/runs/..%2f..%2fsecret",
    `/api/runs/${encodeURIComponent(join(cwd, "runs", "a"))}`,
    "/api/runs/__proto__",
    "/api/runs/constructor/result",
    `/api/runs/${id}/nothing`,
    `/api/runs/${id}/episodes/999`,
    `/api/runs/${id}/episodes/1/nothing`,
    `/api/runs/${id}/episodes/1/text/more`,
  ];
  for (const path of nowhere) expect([path, await status(path)]).toEqual([path, 404]);
  const wrong = [
    "/api/%zz",
    "/api/runs/%ff",
    `/api/runs/${id}/episodes?path=other`,
    `/api/runs/${id}/episodes?step=-1`,
    `/api/runs/${id}/episodes?after=x`,
    `/api/runs/${id}/episodes?limit=1e9`,
    `/api/runs/${id}/episodes?cut=maybe`,
    `/api/runs/${id}/episodes?order=id;drop`,
    `/api/runs/${id}/episodes/1.5`,
    `/api/runs/${id}/episodes/-1`,
    `/api/runs/${id}/episodes/1/text?of=turn.9`,
    `/api/runs/${id}/episodes/1/text?of=turn`,
    `/api/runs/${id}/episodes/1/text?of=__proto__`,
    "/api/compare",
    "/api/compare?a=..&b=/",
  ];
  for (const path of wrong) expect([path, await status(path)]).toEqual([path, 400]);
  expect(readFileSync(join(cwd, "secret"), "utf8")).toBe("s");
});

test("a run that cannot be read is listed, and says why", async () => {
  const { cwd, get, request } = world("a");
  mkdirSync(join(cwd, "runs", "broken"));
  writeFileSync(join(cwd, "runs", "broken", "run.db"), "no database");
  const { runs } = await get<RunsAnswer>("/api/runs");
  const broken = runs.find(({ name }) => name === "broken");
  expect(broken).toMatchObject({ state: "unreadable", error: expect.stringContaining("cannot be read") });
  const answer = await request(`/api/runs/${broken?.id}`);
  expect([answer.status, await answer.json()]).toEqual([422, expect.objectContaining({ code: "bad-run" })]);
});

test("figures of runs that are over are kept for the next list, and read anew where a run is another", () => {
  const { cwd } = world("one", "two");
  const states = (indexes?: string): readonly unknown[] => {
    const library = createRunLibrary([], cwd, indexes);
    const { runs } = library.list();
    library.close();
    return runs.map(({ name, state, first }) => [name, state, first?.value]).sort();
  };
  const kept = join(cwd, "figures");
  const all = [
    ["one", "finished", 0.5],
    ["two", "finished", 0.5],
  ];
  const path = join(cwd, "runs/one/run.db");
  utimesSync(path, 1_000, 1_000);
  expect(states(kept)).toEqual(all);
  // As if nothing had happened to it: whoever opened it would see that it is none any more.
  writeFileSync(path, "x".repeat(statSync(path).size));
  utimesSync(path, 1_000, 1_000);
  expect(states(kept)).toEqual(all);
  expect(states()).toEqual([["one", "unreadable", undefined], all[1]]);
  utimesSync(path, 1_000, 2_000);
  expect(states(kept)).toEqual([["one", "unreadable", undefined], all[1]]);
  for (const name of readdirSync(kept)) writeFileSync(join(kept, name), "no database");
  expect(states(kept)).toEqual([["one", "unreadable", undefined], all[1]]);
});

test("a run that is killed is interrupted in the list, though nothing of it was written", async () => {
  const { cwd } = world();
  const folder = join(cwd, "runs", "killed");
  mkdirSync(folder, { recursive: true });
  const script = join(import.meta.dirname, "../../../runs/test/write-forever.ts");
  const child = spawn(process.execPath, ["--import", "tsx", script, folder]);
  onTestFinished(() => void child.kill("SIGKILL"));
  await once(child.stdout, "data");
  child.kill("SIGSTOP");
  const library = createRunLibrary([], cwd);
  onTestFinished(() => library.close());
  expect(library.list().runs).toMatchObject([{ name: "killed", state: "running" }]);
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(library.list().runs).toMatchObject([{ name: "killed", state: "interrupted" }]);
});

import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { project } from "../../plugins/test/plugin-files.ts";
import { createRunStore } from "../../runs/src/store/run-store.ts";
import { runHeader } from "../../runs/test/run-header.ts";
import { runCli, startCli } from "./run-cli.ts";

interface Address {
  readonly url: string;
  readonly token: string;
  readonly address: string;
}

async function startView(cwd: string, ...args: readonly string[]) {
  const env = { RRR_CACHE_DIR: join(cwd, "cache") };
  const view = startCli(cwd, ["view", "--port", "0", "--json", ...args], undefined, undefined, env);
  let output = "";
  view.process.stdout?.on("data", (text: string) => {
    output += text;
  });
  await view.seen("Ctrl-C ends it");
  const where = JSON.parse(output) as Address;
  const get = (path: string, token = where.token): Promise<Response> =>
    fetch(where.url + path, { headers: { "x-rrr-token": token } });
  const stop = async (): Promise<number | null> => {
    view.process.kill("SIGINT");
    return (await view.ended).code;
  };
  return { ...where, get, stop };
}

function world(): string {
  const cwd = project({ "runs/.keep": "" });
  const folder = join(cwd, "runs", "a");
  mkdirSync(folder);
  const store = createRunStore(folder, runHeader());
  store.record("evaluate").add({
    ...{ part: "episodes", problem: 0, sample: 0, seconds: 0, outcomes: { first: true, after: true } },
    episode: {
      kind: "solved",
      item: 1,
      attempt: { prompt: [], completion: { text: "yes", finish: "stop" }, verdict: { kind: "pass" } },
    },
  });
  store.end("stopped");
  store.close();
  return cwd;
}

test("the built page and its data are there until Ctrl-C, and nothing is written into the run", async () => {
  const cwd = world();
  const before = readdirSync(join(cwd, "runs", "a"));
  const { get, stop, address, url } = await startView(cwd);
  expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{32}$/);
  const page = await (await get("/", "")).text();
  const [, script = ""] = /src="(\/assets\/[\w.-]+\.js)"/.exec(page) ?? [];
  expect((await get(script, "")).headers.get("content-type")).toBe("text/javascript; charset=utf-8");
  expect((await get("/api/runs", "")).status).toBe(401);
  const { runs } = (await (await get("/api/runs")).json()) as { runs: readonly { id: string }[] };
  expect(runs).toMatchObject([{ name: "a", state: "stopped" }]);
  const found = await get(`/api/runs/${runs[0]?.id}/episodes?text=yes`);
  expect(await found.json()).toMatchObject({ total: 1 });
  expect(readdirSync(join(cwd, "runs", "a"))).toEqual(before);
  expect(existsSync(join(cwd, "cache", "view"))).toBe(true);
  expect(await stop()).toBe(130);
  await expect(fetch(url)).rejects.toThrow();
});

test("a run that is not there, and a port that is taken, are errors of the command", async () => {
  const cwd = world();
  const nothing = await runCli(cwd, ["view", "b", "--no-open"]);
  expect([nothing.code, nothing.stderr]).toEqual([1, expect.stringContaining("Did you mean runs/a?")]);
  const { url, stop } = await startView(cwd, "a");
  const taken = await runCli(cwd, ["view", "--port", new URL(url).port]);
  expect([taken.code, taken.stderr]).toEqual([2, expect.stringContaining("cannot listen on 127.0.0.1")]);
  await stop();
  const nobody = await runCli(cwd, ["view", "--model", "builtin"]);
  expect([nobody.code, nobody.stderr]).toEqual([2, expect.stringContaining("Name the task with --plugin")]);
});

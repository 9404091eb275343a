import { expect, test } from "vitest";
import { project } from "../../plugins/test/plugin-files.ts";
import { runCli, startCli } from "./run-cli.ts";

const MOODY = `
export default () => ({
  spec: "rrr/task@1",
  name: "moody",
  schema: { "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }) } },
  *items(split) { for (let n = 0; ; n++) yield { n, split }; },
  prompt: ({ n }) => [{ role: "user", content: "say " + n }],
  reflect: () => "why?",
  limits: { attempt: 4, reflection: 6 },
  async verify({ n }, completion) {
    if (completion === "exit") process.exit(0);
    if (completion === "slow") await new Promise((resolve) => setTimeout(resolve, 1_000));
    return completion === String(n) || completion === "slow" ? { kind: "pass" } : { kind: "fail", code: "odd" };
  },
});`;

async function startServer(cwd: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const server = startCli(cwd, ["serve", ...args, "--port", "0"], undefined, undefined, env);
  let output = "";
  server.process.stderr?.on("data", (text: string) => {
    output += text;
  });
  await server.seen("Ctrl-C ends it");
  const [, url = ""] = /at (http:[^,]+),/.exec(output) ?? [];
  const post = async (path: string, body: object, headers: Readonly<Record<string, string>> = {}) => {
    const init = { method: "POST", body: JSON.stringify(body), headers };
    return (await fetch(`${url}${path}`, init)).json();
  };
  const stop = async (): Promise<number | null> => {
    server.process.kill("SIGINT");
    return (await server.ended).code;
  };
  return { url, post, stop, server };
}

test("a plugin is served with its verifier apart; what is under way is answered before it ends", async () => {
  const cwd = project({ "moody.mjs": MOODY });
  const { post, stop, server } = await startServer(cwd, ["./moody.mjs"]);
  const verify = (completion: string) => post("/v1/verify", { item: { n: 3 }, completion });
  expect(await verify("3")).toEqual({ kind: "pass", reward: 1 });
  expect(await verify("exit")).toMatchObject({ kind: "invalid", code: "verifier-failed" });
  expect(await verify("4")).toEqual({ kind: "fail", code: "odd", reward: 0 });
  const slow = verify("slow");
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(await stop()).toBe(130);
  expect(await slow).toEqual({ kind: "pass", reward: 1 });
  expect((await server.ended).stderr).toContain("the server ends when what is under way is answered");
}, 60_000);

test("a task of rrr, with its options, by the protocol of another framework, for who has the key", async () => {
  const cwd = project({});
  const args = [
    "countdown",
    "--preset",
    "hard",
    "--protocol",
    "openrlhf",
    "--api-key-env",
    "KEY",
    "--max-batch",
    "1",
  ];
  const { post, url, stop } = await startServer(cwd, args, { KEY: "secret" });
  const label = { item: { numbers: [25, 7, 8], target: 24 } };
  const body = { query: ["p<answer>25 + 7 - 8</answer>"], prompts: ["p"], labels: [label] };
  expect(await post("/get_reward", body)).toMatchObject({ code: "no-key" });
  const key = { "x-api-key": "secret" };
  expect(await post("/get_reward", body, key)).toMatchObject({ rewards: [1] });
  const two = { query: ["p", "p"], prompts: ["p", "p"], labels: [label, label] };
  expect(await post("/get_reward", two, key)).toMatchObject({ code: "too-many" });
  expect((await fetch(`${url}/v1/task`, { headers: key })).status).toBe(404);
  expect(await stop()).toBe(130);
}, 60_000);

test.each([
  [
    [],
    "nothing is named that could be served [bad-argument]. Serve a task: rrr serve countdown. Serve a model:",
  ],
  [["countdown", "--tinker", "builtin"], "it is one or the other"],
  [["countdown", "--lora"], "--lora goes with --tinker, not with a task"],
  [["countdown", "--engine.rows", "3"], "--engine.<name> goes with --tinker"],
  [["--tinker", "builtin", "--task.x", "3"], "--task.<name> goes with a task"],
  [["countdown", "--host", "0.0.0.0"], "no token is asked for"],
  [["countdown", "--protocol", "mine"], "Allowed choices are rrr, nemo-gym, openrlhf, openenv"],
  [["countdown", "--max-body", "1000"], "It must be a whole number from 1 to 256"],
  [["nothing-like-it"], 'no plugin "nothing-like-it"'],
])("rrr serve %j is refused", async (args, why) => {
  const { code, stderr } = await runCli(project({}), ["serve", ...args]);
  expect(code).not.toBe(0);
  expect(stderr.replaceAll(/\s+/g, " ")).toContain(why);
});

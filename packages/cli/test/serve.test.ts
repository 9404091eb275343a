import { join } from "node:path";
import { expect, test } from "vitest";
import { runCli, startCli } from "./run-cli.ts";
import { smallWorld } from "./small-world.ts";

async function startServer(cwd: string, ...more: readonly string[]) {
  const server = startCli(cwd, ["serve", "--tinker", "./model", "--port", "0", "--threads", "1", ...more]);
  let output = "";
  server.process.stderr?.on("data", (text: string) => {
    output += text;
  });
  await server.seen("checkpoints are kept in");
  const [, name, url = ""] = /serves (\S+) at (http:\S+);/.exec(output) ?? [];
  const stop = async (): Promise<number | null> => {
    server.process.kill("SIGINT");
    return (await server.ended).code;
  };
  return { name, url, stop };
}

const FEW = [
  ...["--steps", "2", "--limit", "6", "--failures", "4", "--failures-per-step", "2", "--group-size", "3"],
  ...["--checkpoint-every", "1", "--quiet", "--model", "./model"],
];

test("a run on a server gives the table of a run with the embedded engine", async () => {
  const cwd = await smallWorld();
  const { name, url, stop } = await startServer(cwd);
  expect(name).toBe("model");
  const remote = await runCli(cwd, ["run", "./chance.mjs", "--engine", "tinker", "--base-url", url, ...FEW]);
  expect([remote.code, remote.stderr]).toEqual([0, ""]);
  const local = await runCli(cwd, ["run", "./chance.mjs", "--threads", "1", ...FEW]);
  // Where it is kept, with the time in its name, is another folder.
  const table = (text: string): string => text.replace(/Everything is kept in .*/, "");
  expect(table(remote.stdout)).toBe(table(local.stdout));
  expect(await stop()).toBe(130);
}, 180_000);

test("adapters of the rank that a client asks for are those of the embedded engine", async () => {
  const cwd = await smallWorld();
  const { url, stop } = await startServer(cwd, "--lora");
  const on = ["--engine", "tinker", "--base-url", url, "--engine.rank", "4"];
  const remote = await runCli(cwd, ["run", "./chance.mjs", ...on, "--learning-rate", "0.01", ...FEW]);
  expect([remote.code, remote.stderr]).toEqual([0, ""]);
  const lora = ["--threads", "1", "--lora", "4", "--learning-rate", "0.01"];
  const local = await runCli(cwd, ["run", "./chance.mjs", ...lora, ...FEW]);
  const table = (text: string): string => text.replace(/Everything is kept in .*/, "");
  expect(table(remote.stdout)).toBe(table(local.stdout));
  await stop();
}, 180_000);

test.each([
  [["./model", "--port", "70000"], "It must be a whole number from 0 to 65535"],
  [["builtin:nothing"], 'no built-in model for "nothing" [bad-argument]. There is builtin:countdown'],
  [["./model", "--checkpoints", "chance.mjs"], "checkpoints cannot be kept in"],
  [["./model", "--api-key-env", "RRR_BROKEN_KEY"], "a character that no client can send"],
])(
  "rrr serve --tinker %j is refused",
  async (args, message) => {
    const cwd = await smallWorld();
    const { code, stderr } = await runCli(cwd, ["serve", "--tinker", ...args], "", undefined, {
      RRR_BROKEN_KEY: "tml-1\n",
    });
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect(stderr).not.toContain("tml-1");
  },
  60_000,
);

test("what is missing is said", async () => {
  const cwd = await smallWorld();
  const run = (...args: readonly string[]) =>
    runCli(cwd, ["run", "./chance.mjs", "--engine", "tinker", ...args]);
  const nowhere = await run("--model", "./model");
  expect([nowhere.code, nowhere.stderr]).toEqual([2, expect.stringContaining("Give --base-url")]);
  const toneless = await run("--model", "other", "--base-url", "http://127.0.0.1:9");
  expect(toneless.stderr).toContain("Give --tokenizer a folder");
  const open = await runCli(cwd, ["serve", "--tinker", "./model", "--host", "0.0.0.0"]);
  expect(open.stderr).toContain("no token is asked for");
  const key = await runCli(cwd, ["serve", "--tinker", "./model", "--api-key-env", "NOT_THERE"]);
  expect(key.stderr).toContain("NOT_THERE is empty");
  const model = await runCli(cwd, ["serve", "--tinker", join(cwd, "nothing")]);
  expect(model.code).not.toBe(0);
}, 120_000);

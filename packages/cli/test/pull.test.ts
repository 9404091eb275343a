import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { readModelDir } from "@rrr/trainer";
import { expect, test } from "vitest";
import { COMMIT, type HubServer, startHub } from "../../models/test/hub-server.ts";
import { model, weights } from "../../models/test/pull-into.ts";
import { project } from "../../plugins/test/plugin-files.ts";
import { runCli, startCli } from "./run-cli.ts";

/** No token of whoever runs the tests. */
const env = ({ endpoint }: HubServer) => ({ HF_ENDPOINT: endpoint, HF_TOKEN: "" });

/** Sends the first half of the weights, and then nothing for a while, to whoever asks first. */
function slowHub(): Promise<HubServer> {
  return startHub({
    files: model,
    onCdn(_, response, count) {
      if (count > 1) return false;
      response.writeHead(200, { "content-length": weights.length });
      response.write(weights.subarray(0, 2_000_000));
      return true;
    },
  });
}

/** When a part of the weights is on disk. */
async function half(cwd: string): Promise<void> {
  const staging = join(cwd, "models", ".model.pull");
  for (;;) {
    const parts = existsSync(staging) ? readdirSync(staging) : [];
    const part = parts.find((name) => name.startsWith("model.safetensors."));
    if (part !== undefined && statSync(join(staging, part)).size > 1_000_000) return;
    await new Promise((wait) => setTimeout(wait, 50));
  }
}

test.each(["SIGKILL", "SIGINT"] as const)(
  "ended by %s in the middle, the same command goes on",
  async (signal) => {
    const hub = await slowHub();
    const cwd = project({});
    const first = startCli(cwd, ["pull", "me/model"], "", undefined, env(hub));
    await half(cwd);
    first.process.kill(signal);
    const { code, stdout, stderr } = await first.ended;
    expect({ code, stdout }).toEqual({ code: signal === "SIGINT" ? 130 : null, stdout: "" });
    if (signal === "SIGINT") expect(stderr).toContain("the same command goes on");
    expect(existsSync(join(cwd, "models", "model"))).toBe(false);

    const second = await runCli(cwd, ["pull", "me/model"], "", undefined, env(hub));
    expect(second).toMatchObject({ code: 0, stdout: "models/model\n" });
    expect(second.stderr).toContain("here already");
    expect(second.stderr).toContain("each file has the size and the hash");
    expect(hub.ranges("model.safetensors")[1]).toMatch(/^bytes=[12]\d{6}-/);
    await readModelDir(join(cwd, "models", "model"));

    const third = await runCli(cwd, ["pull", "me/model"], "", undefined, env(hub));
    expect(third).toMatchObject({ code: 0, stdout: "models/model\n" });
    expect(third.stderr).toContain("is there already");
    expect(hub.ranges("model.safetensors")).toHaveLength(2);
  },
);

test("for programs, into a folder of their choice", async () => {
  const hub = await startHub({ files: model });
  const cwd = project({});
  const args = ["pull", "me/model", "--revision", "v2", "--out", "here/it is", "--json"];
  const { code, stdout } = await runCli(cwd, args, "", undefined, env(hub));
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    ...{ id: "me/model", commit: COMMIT, folder: join(cwd, "here/it is"), wasThere: false },
    files: expect.arrayContaining([
      { name: "model.safetensors", size: weights.length, hash: { kind: "sha256", hex: expect.any(String) } },
    ]),
  });
  expect(hub.seen[0]?.url).toContain("/api/models/me/model/revision/v2");
});

test("errors have a code, and show no token", async () => {
  const hub = await startHub({ files: { ...model, "config.json": '{"model_type":"mamba"}' } });
  const cwd = project({});
  const token = { ...env(hub), HF_TOKEN: "hf_very_secret" };
  const unsupported = await runCli(cwd, ["pull", "me/model", "--json"], "", undefined, token);
  expect(unsupported.code).toBe(1);
  expect(unsupported.stderr).toContain('architecture "mamba" is not supported');
  expect(JSON.parse(unsupported.stdout)).toMatchObject({ kind: "error", code: "bad-model" });
  const unknown = await runCli(cwd, ["pull", "me/other"], "", undefined, token);
  expect(unknown.stderr).toMatch(/HF_TOKEN has no right.*\[pull-failed\]/);
  const slip = await runCli(cwd, ["pull", "./model"], "", undefined, token);
  expect(slip).toMatchObject({ code: 2, stderr: expect.stringContaining("is no id of a model") });
  const all = [unsupported, unknown, slip].map(({ stdout, stderr }) => stdout + stderr).join();
  expect(all).not.toContain("secret");
  expect(readdirSync(cwd)).not.toContain("models");
});

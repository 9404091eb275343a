/** `--engine tfjs`, on the TensorFlow.js that a clone has for its tests. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { openRunReader } from "@rrr/runs";
import { expect, test } from "vitest";
import { runCli } from "./run-cli.ts";
import { smallWorld } from "./small-world.ts";

const FEW = [
  ...["--steps", "2", "--limit", "6", "--failures", "4", "--failures-per-step", "2", "--group-size", "3"],
  ...["--checkpoint-every", "1", "--model", "./model"],
];

test("a run says what runs it, keeps that, and gives the table of the embedded engine", async () => {
  const cwd = await smallWorld();
  const own = await runCli(cwd, [
    "run",
    "./chance.mjs",
    "--engine",
    "tfjs",
    "--engine.backend",
    "wasm",
    ...FEW,
  ]);
  expect(own.code).toBe(0);
  expect(own.stderr).toMatch(/TensorFlow.js \S+ runs the model with @tensorflow\/tfjs-backend-wasm/);
  const runs = join(cwd, "runs");
  const reader = await openRunReader(join(runs, readdirSync(runs)[0] as string));
  expect(reader.run.identity).toMatchObject({
    model: { engine: "tfjs", source: expect.stringMatching(/^tfjs @tensorflow\/tfjs-backend-wasm \d/) },
  });
  reader.close();
  const embedded = await runCli(cwd, ["run", "./chance.mjs", "--threads", "1", ...FEW]);
  expect(own.stdout).toBe(embedded.stdout);
}, 180_000);

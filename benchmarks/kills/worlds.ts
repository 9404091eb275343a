import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { deriveKey } from "@rrr/core";
import { createFaultServer } from "@rrr/models/testing";
import { writeModelDir } from "@rrr/trainer";
import { microModel } from "@rrr/trainer/testing";

/** A run to kill: its command, and what its store must have. */
export interface World {
  /** What `rrr` is called with, apart from --out. */
  readonly command: readonly string[];
  readonly episodesPerStep: number;
  /** Stages that a process may be in when it is killed, and how long it is let go on in one at most. */
  readonly stages: number;
  readonly stageMs: number;
  close(): Promise<void>;
}

/** Long enough for some tens of problems in the life of a process. */
const LATENCY_MS = 10;

/** An evaluation of a hosted model. */
export async function evaluationWorld(cwd: string): Promise<World> {
  writeTask(cwd, "parity", "Number(completion) % 2 === 0", "An even number above ");
  const server = await createFaultServer({
    plan: () => undefined,
    async answer({ messages, seed }) {
      await after(LATENCY_MS);
      const content = String(deriveKey(Number(seed), JSON.stringify(messages)) % 1_000);
      return {
        object: "chat.completion",
        choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
        usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 },
      };
    },
  });
  const flags = ["--model", "openai:parity", "--base-url", server.url, "--no-cache", "--isolate", "none"];
  const size = ["--limit", "1500", "--concurrency", "64"];
  return {
    command: ["eval", "./parity.mjs", ...flags, ...size],
    ...{ episodesPerStep: 0, stages: 1, stageMs: 1_200 },
    close: () => server.close(),
  };
}

/** A run that trains a model of a few thousand weights. */
export const trainingWorld = (cwd: string): Promise<World> => training(cwd, ["--checkpoint-every", "2"]);

/** A run that trains an adapter with a KL penalty, chooses its best checkpoint, and saves at every step. */
export const adapterWorld = (cwd: string): Promise<World> =>
  training(cwd, ["--checkpoint-every", "1", "--lora", "2", "--kl", "0.03", "--keep-best", "8"]);

async function training(cwd: string, flags: readonly string[]): Promise<World> {
  writeTask(cwd, "chance", "(completion.codePointAt(0) ?? 0) % 2 === 0", "say ");
  await writeModelDir(join(cwd, "model"), microModel(), "F32");
  const mining = ["--failures", "96", "--attempts", "8"];
  const training = ["--steps", "12", "--failures-per-step", "8", "--group-size", "4"];
  const size = ["--limit", "100", ...mining, ...training];
  return {
    command: ["run", "./chance.mjs", "--model", "./model", "--isolate", "none", ...size, ...flags],
    ...{ episodesPerStep: 8 * 4, stages: 3, stageMs: 700 },
    close: async () => {},
  };
}

function writeTask(cwd: string, name: string, passes: string, question: string): void {
  writeFileSync(
    join(cwd, `${name}.mjs`),
    `export default {
  spec: "rrr/task@1",
  name: "${name}",
  schema: { "~standard": { version: 1, vendor: "bench", validate: (value) => ({ value }) } },
  *items(split) { for (let n = split === "test" ? 1 : 0; ; n += 2) yield { n }; },
  prompt: ({ n }) => [{ role: "user", content: "${question}" + n + "?" }],
  reflect: () => "why?",
  limits: { attempt: 8, reflection: 8 },
  verify: (_, completion) => (${passes}) ? { kind: "pass" } : { kind: "fail", code: "odd" },
};`,
  );
}

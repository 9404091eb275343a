import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { messageOf } from "@rrr/core";
import type { Finding } from "@rrr/core/testing";
import type { Engine } from "../engine.ts";
import { checkGradients } from "./check-gradients.ts";
import { checkSampling } from "./check-sampling.ts";
import { checkState } from "./check-state.ts";
import { checkSteps } from "./check-steps.ts";

export type EngineFindingCode =
  /** A call threw that should not have. */
  | "broken"
  /** The same prompt and seed gave other tokens, alone or among other calls. */
  | "not-reproducible"
  /** A completion goes on after a stop token, is too long, or says the wrong reason for its end. */
  | "bad-completion"
  /** `forward` does not give the log-probabilities that `sample` gave. */
  | "logprobs-differ"
  /** A call that cannot succeed did not reject with the code that it should. */
  | "wrong-error"
  /** The loss, or what is reported of it, is not what its definition gives. */
  | "wrong-loss"
  /** The gradient is not the loss's slope. */
  | "wrong-gradient"
  /** Something without advantage moved the weights. */
  | "gradient-leaks"
  /** A step on a positive advantage did not make the tokens likelier. */
  | "wrong-step"
  /** State did not come back bit for bit. */
  | "state-lost";

export type Report = (code: EngineFindingCode, message: string) => void;

/** What a check works on. */
export interface Subject {
  /** New for each check. */
  readonly engine: Engine;
  readonly prompts: readonly Int32Array[];
  /** An empty folder. */
  readonly dir: string;
}

export interface EngineTestSettings {
  /** Default 0. */
  readonly seed?: number;
}

/**
 * The conformance suite of the engine contract, for any test runner:
 * `expect(await testEngine(() => createMyEngine())).toEqual([])`. Made for small models: it takes some hundred runs.
 * @param createEngine gives a new engine with the same small model each time, context of at least 64 tokens
 * @returns what is wrong, at most one finding per code; empty for a sound engine
 */
export async function testEngine(
  createEngine: () => Promise<Engine>,
  settings: EngineTestSettings = {},
): Promise<readonly Finding<EngineFindingCode>[]> {
  const { seed = 0 } = settings;
  const findings = new Map<EngineFindingCode, Finding<EngineFindingCode>>();
  const report: Report = (code, message) => {
    if (!findings.has(code)) findings.set(code, { code, message });
  };
  for (const check of [checkSampling, checkGradients, checkSteps, checkState]) {
    const dir = await mkdtemp(join(tmpdir(), "rrr-engine-"));
    let engine: Engine | undefined;
    try {
      engine = await createEngine();
      await check({ engine, prompts: promptsFor(engine, seed), dir }, report);
    } catch (thrown) {
      report("broken", `${check.name}: ${messageOf(thrown)}`);
    } finally {
      await engine?.close();
      await rm(dir, { recursive: true, force: true });
    }
  }
  return [...findings.values()];
}

/** Lengths on both sides of what engines are likely to pad to. */
const promptLengths = [1, 2, 7, 20, 33, 40];

function promptsFor(engine: Engine, seed: number): readonly Int32Array[] {
  const size = engine.tokenizer.vocabSize;
  return promptLengths.map((length) =>
    Int32Array.from({ length }, (_, i) => (seed + 7 * i + 3 * length) % size),
  );
}

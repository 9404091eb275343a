import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { messageOf } from "@rrr/core";
import type { Finding } from "@rrr/core/testing";
import { assertEngine } from "../assert-engine.ts";
import type { Engine } from "../engine.ts";
import { checkGradients } from "./check-gradients.ts";
import { checkOptimiser } from "./check-optimiser.ts";
import { checkSampling } from "./check-sampling.ts";
import { checkState } from "./check-state.ts";
import { checkSteps } from "./check-steps.ts";
import { checkTemperature } from "./check-temperature.ts";

export type EngineFindingCode =
  /** A call threw that should not have, or a part of the contract is missing. */
  | "broken"
  /** The same prompt and seed gave other tokens, alone or among other calls. */
  | "not-reproducible"
  /** A completion goes on after a stop token, is too long, or says the wrong reason for its end. */
  | "bad-completion"
  /** The log-probabilities of `sample` are not those of `forward` at the temperature that is claimed. */
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
  /** A setting of `optimStep` that is not `fixed` did nothing, or not what it says. */
  | "setting-ignored"
  /** State did not come back: bit for bit, or within `stateWithin`. */
  | "state-lost"
  /** Something is not where `saveState` or `exportModel` says that it stored it. */
  | "wrong-reference";

export type Report = (code: EngineFindingCode, message: string) => void;

/** What was left out, because the engine does not claim it. */
export interface Untested {
  readonly what: string;
  readonly why: string;
}

/** What a check works on. */
export interface Subject {
  /** New for each check. */
  readonly engine: Engine;
  readonly prompts: readonly Int32Array[];
  /** An empty folder. */
  readonly dir: string;
  readonly learningRate: number;
  readonly stateWithin: number;
  skip(what: string, why: string): void;
}

export interface EngineTestSettings {
  /** Default 0. */
  readonly seed?: number;
  /** Adam's, for steps that must move weights the right way. Default 1e-3; an adapter may want less. */
  readonly learningRate?: number;
  /**
   * Nats that a log-probability may differ by after a state was loaded and the same step taken. Default 0: to the bit. A
   * server that loads into another place adds up in another order.
   */
  readonly stateWithin?: number;
}

export interface EngineTest {
  /** What is wrong, at most one finding per code; empty for a sound engine. */
  readonly findings: readonly Finding<EngineFindingCode>[];
  /** Empty for an engine that claims everything. */
  readonly untested: readonly Untested[];
}

/**
 * The conformance suite of the engine contract, for any test runner:
 * `expect((await testEngine(() => createMyEngine())).findings).toEqual([])`. What the engine's `capabilities` claim is
 * tested, the rest is listed. Made for small models: it takes some hundred runs.
 * @param createEngine gives a new engine with the same small model each time, context of at least 64 tokens
 */
export async function testEngine(
  createEngine: () => Promise<Engine>,
  settings: EngineTestSettings = {},
): Promise<EngineTest> {
  const { seed = 0, learningRate = 1e-3, stateWithin = 0 } = settings;
  const findings = new Map<EngineFindingCode, Finding<EngineFindingCode>>();
  const untested = new Map<string, Untested>();
  const report: Report = (code, message) => {
    if (!findings.has(code)) findings.set(code, { code, message });
  };
  const skip = (what: string, why: string): void => void untested.set(what, { what, why });
  for (const check of CHECKS) {
    const dir = await mkdtemp(join(tmpdir(), "rrr-engine-"));
    let engine: Engine | undefined;
    try {
      engine = await createEngine();
      assertEngine(engine);
      await check(
        { engine, prompts: promptsFor(engine, seed), dir, learningRate, stateWithin, skip },
        report,
      );
    } catch (thrown) {
      report("broken", `${check.name}: ${messageOf(thrown)}`);
    } finally {
      await engine?.close();
      await rm(dir, { recursive: true, force: true });
    }
  }
  return { findings: [...findings.values()], untested: [...untested.values()] };
}

const CHECKS = [checkSampling, checkTemperature, checkGradients, checkOptimiser, checkSteps, checkState];

/** Lengths on both sides of what engines are likely to pad to. */
const promptLengths = [1, 2, 7, 20, 33, 40];

function promptsFor(engine: Engine, seed: number): readonly Int32Array[] {
  const size = engine.tokenizer.vocabSize;
  return promptLengths.map((length) =>
    Int32Array.from({ length }, (_, i) => (seed + 7 * i + 3 * length) % size),
  );
}

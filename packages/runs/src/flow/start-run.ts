import { readFileSync } from "node:fs";
import { RrrError } from "@rrr/core";
import { isolatePlugin, loadTask } from "@rrr/plugins";
import { checkCapabilities, checkHistory, countingTokens, createPolicy } from "@rrr/trainer";
import { openRunEngine } from "../model/open-engine.ts";
import { openSampledModel, type SampledModel, type SpendingLimits } from "../model/open-model.ts";
import { findRun } from "../read/find-runs.ts";
import { worthSaying } from "../report/history-text.ts";
import type { RunSpec } from "../spec/run-spec.ts";
import { type RunRequest, toRunSpec } from "../spec/to-run-spec.ts";
import { differenceOf } from "../store/difference.ts";
import { createRunFolder } from "../store/run-folder.ts";
import { createRunStore, type RunHeader, type RunStore, reopenRunStore } from "../store/run-store.ts";
import { type StoredRun, specOf } from "../store/stored-run.ts";
import type { RunEvent, SpentEvent } from "./events.ts";
import { heldOutItems } from "./held-out.ts";
import { runIdentity } from "./identity.ts";
import { createRun, type Run } from "./run.ts";
import type { RunContext, TrainingContext } from "./run-context.ts";
import { evaluationFlow, trainingFlow } from "./run-flow.ts";

/** What starting and resuming a run have in common. */
export interface RunOptions {
  /** What paths and `runs/` are relative to. Default: the working directory. */
  readonly cwd?: string;
  /** What asking a model may take; a run that trains has no limits. */
  readonly limits?: SpendingLimits;
  /** Aborting ends the run with `aborted`. */
  readonly signal?: AbortSignal;
  /** Is told what goes wrong without ending the run. Default: nobody is. */
  readonly onWarning?: (text: string) => void;
}

/**
 * Starts a run in a new folder. Everything that can be refused is refused before the folder is made.
 * @returns the run; it goes on as its events are taken
 * @throws RrrError as loading task, model and engine do; `bad-argument`, `bad-run` for the folder
 * @example
 * const run = await startRun({ task: "countdown", plan: { kind: "evaluate", problems: 20 } });
 * for await (const event of run) if (event.kind === "result") console.log(event.result.before.rates.after);
 */
export async function startRun(
  request: RunRequest,
  { out, ...options }: RunOptions & { readonly out?: string | undefined } = {},
): Promise<Run> {
  const { cwd = process.cwd() } = options;
  return openRun(toRunSpec(request, cwd), options, (header) => {
    const folder = createRunFolder(out, header.task, cwd, new Date());
    return { folder, store: createRunStore(folder, header) };
  });
}

/**
 * Takes up a run that was stopped, killed or out of budget; it comes to what it would have come to.
 * @param name folder of the run, or its name below `runs/`
 * @throws RrrError `bad-run` for one that is finished, of an older format, or whose task, model or settings are not
 *   what they were: the message names the difference
 */
export async function resumeRun(
  name: string,
  { retryErrored = false, ...options }: RunOptions & { readonly retryErrored?: boolean } = {},
): Promise<Run> {
  const stored = findRun(name, options.cwd ?? process.cwd());
  const spec = specOf(stored);
  if (stored.status === "finished" && !retryErrored) {
    throw new RrrError("bad-run", `${stored.folder} is finished`, {
      hint: "`rrr show` prints what it came to; --retry-errored asks once more for what errored.",
    });
  }
  if (spec.plan.kind === "train" && options.limits !== undefined && Object.keys(options.limits).length > 0) {
    throw new RrrError("bad-argument", `${stored.folder} is a run that trains: it has no budget`, {
      hint: "Leave --max-tokens-total, --max-cost and --max-time out.",
    });
  }
  return openRun(spec, options, ({ identity }) => {
    checkIdentity(stored, identity);
    const store = reopenRunStore(stored.folder);
    if (retryErrored) store.forgetErrored();
    return { folder: stored.folder, store };
  });
}

function checkIdentity({ folder, identity: was }: StoredRun, identity: object): void {
  const difference = differenceOf(was, JSON.parse(JSON.stringify(identity)));
  if (difference === undefined) return;
  throw new RrrError("bad-run", `${folder} cannot be resumed: ${difference}`, {
    hint: "Start a new run. Hosted models' answers to what was asked before come from the cache.",
  });
}

type Opened = { readonly folder: string; readonly store: RunStore };

/** @param open makes the run's folder and store, or finds them; it comes last, when nothing else can be refused */
async function openRun(
  spec: RunSpec,
  { limits = {}, signal, onWarning = () => {}, cwd = process.cwd() }: RunOptions,
  open: (header: RunHeader) => Opened,
): Promise<Run> {
  const { task: taskSpec, plan } = spec;
  const closing: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const each of closing.reverse()) await each();
  };
  try {
    const loaded = await loadTask(taskSpec.module, taskSpec.options, cwd);
    const heldOut = await heldOutItems(loaded.task, plan.seed, plan.problems);
    const { name } = loaded.task;
    const header = (model: object): RunHeader => {
      const identity = runIdentity(loaded, spec, heldOut, model);
      return { rrrVersion: ownVersion(), task: name, plugin: loaded.file, spec, identity };
    };
    const controller = new AbortController();
    const stops = signal === undefined ? controller.signal : AbortSignal.any([controller.signal, signal]);
    const isolated = async () => {
      const task = await isolatePlugin(loaded, taskSpec.options, taskSpec);
      closing.push(() => task.close());
      return task;
    };
    const parts = { spec, task: name, controller, close };

    if (plan.kind === "evaluate") {
      const sampled = await openSampledModel(spec, name, limits, onWarning, cwd);
      closing.push(() => sampled.close());
      const task = await isolated();
      const { model: counting, sampledTokens } = countingTokens(sampled.model);
      const noted = worthSaying(sampled.history);
      const { folder, store } = open(header({ ...sampled.identity, ...noted }));
      const model = { counting, sampledTokens, traffic: sampled.traffic };
      const context: RunContext = { spec, task, heldOut, model, ...noted, store, folder, signal: stops };
      return createRun({ ...parts, folder, store, flow: evaluationFlow(context, () => spentBy(sampled)) });
    }
    const engine = await openRunEngine(spec, name, cwd);
    closing.push(() => engine.close());
    checkCapabilities(engine, plan.train);
    const policy = createPolicy(engine, spec.model.name);
    checkHistory(policy.history);
    const noted = worthSaying(policy.history);
    const task = await isolated();
    const weights = await engine.weightsVersion();
    const { model: counting, sampledTokens } = countingTokens(policy);
    const { folder, store } = open(header({ engine: engine.name, weights, ...noted }));
    const model = { counting, sampledTokens };
    const openReference = () => openRunEngine(spec, name, cwd);
    const context: TrainingContext = {
      ...{ spec, plan, task, heldOut, model, ...noted, store, folder, signal: stops, engine, openReference },
    };
    return createRun({ ...parts, folder, store, flow: trainingFlow(context) });
  } catch (error) {
    await close();
    throw error;
  }
}

function spentBy({ budget, cache }: SampledModel): SpentEvent & RunEvent {
  const { requests, promptTokens, completionTokens, costUsd, estimated } = budget.spent();
  const cached = cache?.served().completions;
  return { kind: "spent", requests, promptTokens, completionTokens, costUsd, estimated, cached };
}

/** This package's version: sources and what is built of them lie one and two levels below its manifest. */
function ownVersion(): string {
  const manifest = import.meta.url.endsWith(".ts") ? "../../package.json" : "../package.json";
  return JSON.parse(readFileSync(new URL(manifest, import.meta.url), "utf8")).version;
}

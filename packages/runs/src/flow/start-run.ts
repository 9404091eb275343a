import { readFileSync } from "node:fs";
import { RrrError } from "@rrr/core";
import { isolatePlugin, loadTask } from "@rrr/plugins";
import { checkCapabilities, checkHistory, countingTokens, createPolicy } from "@rrr/trainer";
import { contextOfEngine, type ModelContext } from "../model/model-context.ts";
import { openRunEngine } from "../model/open-engine.ts";
import {
  type Asking,
  openSampledModel,
  type SampledModel,
  type SpendingLimits,
  sourceOf,
} from "../model/open-model.ts";
import { removeUnfinished } from "../prune/run-files.ts";
import { findRun } from "../read/find-runs.ts";
import { worthSaying } from "../report/history-text.ts";
import { forcedEngine } from "../spec/forced-engine.ts";
import { type Headers, sentHeaders } from "../spec/headers.ts";
import { resolveRetry, retrySettings } from "../spec/run-retry.ts";
import type { RunSpec } from "../spec/run-spec.ts";
import { type RunRequest, toRunSpec } from "../spec/to-run-spec.ts";
import { createRunFolder } from "../store/run-folder.ts";
import { createRunStore, type RunHeader, type RunStore, reopenRunStore } from "../store/run-store.ts";
import { specOf } from "../store/stored-run.ts";
import { refuseUntrusted, type TrustOptions, untrusted } from "../trust/check-trust.ts";
import { rememberRun } from "../trust/known-runs.ts";
import { beforeAsking } from "./before-asking.ts";
import { changesOf } from "./changes.ts";
import { chooseLimits } from "./choose-limits.ts";
import { withPreset } from "./choose-preset.ts";
import { withSettings } from "./choose-settings.ts";
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
  /** Values of headers that the run does not keep. A request for a new run has them itself. */
  readonly headers?: Headers;
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
  const { cwd = process.cwd(), onWarning = () => {} } = options;
  const spec = await withPreset(toRunSpec(request, cwd), request, cwd);
  const open = (header: RunHeader): Opened => {
    const folder = createRunFolder(out, header.task, cwd, new Date());
    // First: however this process ends, what it leaves can be resumed.
    rememberRun(header.spec, onWarning);
    return { folder, store: createRunStore(folder, header) };
  };
  return openRun(spec, { ...options, headers: headersOf(request) }, open, { asked: request });
}

function headersOf({ model }: RunRequest): Headers {
  // Checked with the request.
  return ((typeof model === "object" && model.headers) || {}) as Headers;
}

/** What resuming a run takes besides. */
export interface ResumeOptions extends RunOptions, TrustOptions {
  /** Ask once more for what errored. */
  readonly retryErrored?: boolean;
  /** Go on where task, model, settings or versions are not what they were; the report says so. */
  readonly acceptChanges?: boolean;
  /** As in a request: it holds for this process, not for one that takes the run up again. */
  readonly force?: boolean;
}

/**
 * Takes up a run that was stopped, killed or out of budget; it comes to what it would have come to. A run from
 * elsewhere is data: what it names beyond its own folder is used only where `allow` names it too.
 * @param name folder of the run, or its name below `runs/`
 * @throws RrrError `bad-run` for one that is finished, of an older format, that wants what is not allowed, or whose task,
 *   model or settings are not what they were: the message names it
 */
export async function resumeRun(
  name: string,
  { retryErrored = false, acceptChanges = false, force = false, allow = [], ...options }: ResumeOptions = {},
): Promise<Run> {
  const { cwd = process.cwd() } = options;
  const stored = findRun(name, cwd);
  const spec = force ? unstopped(specOf(stored)) : specOf(stored);
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
  refuseUntrusted(stored, untrusted(stored, { allow }, cwd));
  const { systemRole } = (stored.identity.model ?? {}) as { readonly systemRole?: unknown };
  const open = ({ identity }: RunHeader): Opened => {
    const changes = changesOf(stored, identity);
    if (changes.length > 0 && !acceptChanges) throw changed(stored.folder, changes);
    const store = reopenRunStore(stored.folder);
    removeUnfinished(stored.folder);
    if (changes.length > 0) store.acceptChanges(identity, changes);
    if (retryErrored) store.forgetErrored();
    return { folder: stored.folder, store };
  };
  return openRun(spec, options, open, { systemRole: systemRole === "user" ? "user" : "system" });
}

function changed(folder: string, changes: readonly string[]): RrrError {
  return new RrrError("bad-run", `${folder} cannot be resumed: ${changes.join("; ")}`, {
    hint: "Start a new run, or add --accept-changes: the report then says that its figures mix both.",
  });
}

function unstopped(spec: RunSpec): RunSpec {
  const { plan } = spec;
  if (plan.kind !== "train" || plan.rails === undefined) return spec;
  const engine = forcedEngine(spec.engine);
  return { ...spec, engine, plan: { ...plan, rails: { ...plan.rails, stops: false } } };
}

type Opened = { readonly folder: string; readonly store: RunStore };

/**
 * @param open makes the run's folder and store, or finds them; it comes last, when nothing else can be refused
 * @param how `asked` of a new run: its limits are still to be chosen; `systemRole` as an earlier process found it
 */
async function openRun(
  begun: RunSpec,
  { limits = {}, headers = {}, signal, onWarning = () => {}, cwd = process.cwd() }: RunOptions,
  open: (header: RunHeader) => Opened,
  { asked, systemRole = "system" }: { readonly asked?: RunRequest; readonly systemRole?: "system" | "user" },
): Promise<Run> {
  const { task: taskSpec, plan } = begun;
  const closing: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const each of closing.reverse()) await each();
  };
  try {
    const loaded = await loadTask(taskSpec.module, taskSpec.options, cwd);
    const heldOut = await heldOutItems(loaded.task, plan);
    const { name } = loaded.task;
    const limited = async (
      contextOf: () => Promise<ModelContext | undefined>,
      spec: RunSpec = begun,
    ): Promise<RunSpec> => {
      if (asked === undefined) return spec;
      const { items } = heldOut;
      const retry = resolveRetry(asked.retry ?? {}, loaded.task);
      const limits = await chooseLimits(spec, asked, loaded.task, retry.layout, items, contextOf, onWarning);
      return { ...spec, limits, retry };
    };
    const header = (spec: RunSpec, model: object): RunHeader => {
      const rrrVersion = ownVersion();
      const identity = runIdentity(loaded, spec, heldOut, model, rrrVersion);
      return { rrrVersion, task: name, plugin: loaded.file, spec, identity };
    };
    const controller = new AbortController();
    const stops = signal === undefined ? controller.signal : AbortSignal.any([controller.signal, signal]);
    const isolated = async () => {
      const task = await isolatePlugin(loaded, taskSpec.options, taskSpec);
      closing.push(() => task.close());
      return task;
    };
    const parts = { task: name, controller, close };

    if (plan.kind === "evaluate") {
      let opened: Opened | undefined;
      const asking: Asking = {
        headers: sentHeaders(begun.model.headers, headers),
        systemRole,
        onSystemRefused: () => opened?.store.noteSystemRole(),
        onHopeless: (error) => controller.abort(error),
      };
      const sampled = await openSampledModel(begun, name, limits, onWarning, cwd, asking);
      closing.push(() => sampled.close());
      const spec = await limited(sampled.context);
      const task = await isolated();
      const { model: counting, sampledTokens } = countingTokens(sampled.model);
      const noted = worthSaying(sampled.history, retrySettings(spec).retryLayout);
      opened = open(header(spec, { ...sampled.identity, ...noted }));
      const { folder, store } = opened;
      const model = { counting, sampledTokens, traffic: sampled.traffic };
      const context: RunContext = { spec, task, heldOut, model, ...noted, store, folder, signal: stops };
      const before = () => beforeAsking(context, sampled);
      return createRun({
        ...parts,
        spec,
        folder,
        store,
        flow: evaluationFlow(context, () => spentBy(sampled), before),
      });
    }
    const engine = await openRunEngine(begun, name, cwd, "train");
    closing.push(() => engine.close());
    const settled =
      asked?.plan.kind === "train"
        ? await withSettings(begun, asked.plan, { engine, task: loaded.task, heldOut }, onWarning)
        : { ...begun, plan };
    const spec = await limited(async () => contextOfEngine(engine), settled);
    checkCapabilities(engine, settled.plan.train);
    const policy = createPolicy(engine, spec.model.name);
    const { retryLayout } = retrySettings(spec);
    checkHistory(policy.history, retryLayout);
    const noted = worthSaying(policy.history, retryLayout);
    const task = await isolated();
    const weights = await engine.weightsVersion();
    // Template, tokenizer and configuration are no weights.
    const source = await sourceOf(begun, name, engine);
    const { model: counting, sampledTokens } = countingTokens(policy);
    const { folder, store } = open(header(spec, { engine: engine.name, weights, source, ...noted }));
    const model = { counting, sampledTokens, waitsFor: engine.waitsFor };
    const openReference = () => openRunEngine(begun, name, cwd, "sample");
    const context: TrainingContext = {
      ...{
        spec,
        plan: settled.plan,
        task,
        heldOut,
        model,
        ...noted,
        store,
        folder,
        signal: stops,
        engine,
        openReference,
      },
    };
    return createRun({ ...parts, spec, folder, store, flow: trainingFlow(context) });
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

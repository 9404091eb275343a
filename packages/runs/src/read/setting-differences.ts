import type { RunRetry } from "../spec/run-retry.ts";
import type { RunSpec } from "../spec/run-spec.ts";
import type { StoredRun } from "../store/stored-run.ts";

/** Something that two runs did not do alike, as a setting and its two values; null where one of them has none. */
export interface SettingDifference {
  readonly setting: string;
  readonly values: readonly [unknown, unknown];
}

/** A run, and what share of its answers came from the cache. */
export type SettingsSide = Pick<StoredRun, "spec" | "identity" | "rrrVersion"> & {
  readonly cachedShare: number | undefined;
};

/** Which model it is, stands at the head of a comparison; the others change how long a run takes, not what it says. */
const LEFT_OUT = [
  /^model\.(name|folder|apiKeyEnv|concurrency|prices|cache|timeoutMs|stream)$/,
  /^engine\.options\./,
  /^task\.(module|isolate)$/,
  /concurrency$/,
  /^plan\.(bars|stepsPerCheckpoint|rails\.checkpoints)/,
  // Who chose the values; these are compared themselves.
  /^(task\.presetFrom|plan\.settings\.)/,
  // Told by the identity, which older runs have too.
  /^limits\./,
  // Runs of earlier versions do not tell it, and asked in one way.
  /^retry\./,
  /^plan\.(evaluation|train)\.seed$/,
];

const NAMES: Readonly<Record<string, string>> = {
  "model.baseUrl": "base URL",
  "model.reasoningEffort": "reasoning effort",
  "plan.kind": "kind of run",
  "engine.name": "engine",
  "plan.rails.stops": "ends where training collapses",
  "plan.rails.probe": "problems that choose the checkpoint",
};
const PREFIXES: readonly (readonly [RegExp, string])[] = [
  [/^task\.options\./, "task option "],
  [/^model\.headers\./, "header "],
  [/^model\.body\./, "request field "],
  [/^plan\.evaluation\./, ""],
  [/^plan\.train\./, "training "],
  [/^plan\.mining\./, "mining "],
  [/^plan\./, ""],
];

/** What stands for itself where it is not written down: nobody asked for it, or the run is of an earlier version. */
const UNSAID: Readonly<Record<string, unknown>> = {
  "plan.train.surrogate": "ppo",
  "plan.train.advantageBaseline": "mean",
  "plan.train.klPenalty": "k3-loss",
  "plan.train.entropyCoefficient": 0,
  "plan.train.importanceCap": 0,
  "plan.train.refills": 0,
  "plan.rails.stops": false,
  "plan.rails.probe": 0,
};

const CONVERSATION: RunRetry = { layout: "conversation" };

/** The settings of two runs that differ, in the order in which a run has them. */
export function settingDifferences(a: SettingsSide, b: SettingsSide): readonly SettingDifference[] {
  const isSameModel = modelOf(a) === modelOf(b);
  const [first, second] = [settingsOf(a, isSameModel), settingsOf(b, isSameModel)];
  return [...new Set([...first.keys(), ...second.keys()])].flatMap((setting) => {
    const values = [first.get(setting) ?? null, second.get(setting) ?? null] as const;
    return JSON.stringify(values[0]) === JSON.stringify(values[1]) ? [] : [{ setting, values }];
  });
}

function modelOf({ identity }: SettingsSide): unknown {
  return asRecord(identity.model).model;
}

/** @param withServed what a server tells of two models differs in any case */
function settingsOf(
  { spec, identity, rrrVersion, cachedShare }: SettingsSide,
  withServed: boolean,
): ReadonlyMap<string, unknown> {
  const asked =
    spec === undefined ? [] : saidIn(spec).filter(([path]) => !LEFT_OUT.some((out) => out.test(path)));
  const { limits, prompts, file } = asRecord(identity.task);
  const { settings, systemRole } = asRecord(identity.model);
  const { layout, temperature } = spec?.retry ?? CONVERSATION;
  const isAlike = temperature === undefined || temperature === spec?.plan.evaluation.temperature;
  return new Map<string, unknown>([
    ...asked.map(([path, value]) => [nameOf(path), shownOf(path, value)] as const),
    ...leavesOf(limits).map(([turn, most]) => [`token limit ${turn}`, most] as const),
    ["retry layout", layout],
    ["retry temperature", isAlike ? "as attempts" : temperature],
    // Hashes: enough to say that they differ.
    ["prompts", prompts],
    ["file of the task", file],
    ...leavesOf(withServed ? asRecord(settings).served : undefined).map(
      ([name, value]) => [`served ${name}`, value] as const,
    ),
    ["system role", systemRole === "user" ? "refused by the server" : undefined],
    ["version of rrr", rrrVersion],
    ["answers from the cache", cachedShare],
  ]);
}

/** Every setting of a spec, those of training also where they are not written down. */
export function saidIn(spec: RunSpec): readonly (readonly [string, unknown])[] {
  const said = leavesOf(spec);
  if (spec.plan.kind !== "train") return said;
  const known = new Set(said.map(([path]) => path));
  return [...said, ...Object.entries(UNSAID).filter(([path]) => !known.has(path))];
}

/** Which header was sent is known, also where its value is not. */
export function shownOf(path: string, value: unknown): unknown {
  if (value !== null) return value;
  return path.startsWith("model.headers.") ? "of a value that is not kept" : "left out";
}

export function nameOf(path: string): string {
  const [start, name] = PREFIXES.find(([prefix]) => prefix.test(path)) ?? [];
  return NAMES[path] ?? (start === undefined ? path : path.replace(start, name ?? ""));
}

/** What an object holds, by paths. */
function leavesOf(value: unknown, path = ""): readonly (readonly [string, unknown])[] {
  if (value === undefined) return [];
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [[path, value]];
  return Object.entries(value).flatMap(([key, each]) => leavesOf(each, path === "" ? key : `${path}.${key}`));
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

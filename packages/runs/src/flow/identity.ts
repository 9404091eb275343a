import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { type LoadedTask, moduleFiles, packageOf } from "@rrr/plugins";
import { limitsOf } from "../spec/run-limits.ts";
import type { RunPlan, RunSpec } from "../spec/run-spec.ts";
import type { HeldOut } from "./held-out.ts";

/**
 * Everything that a run's results depend on, short enough to be kept with it: whoever resumes it compares. Settings
 * that only change speed are left out.
 * @param model what tells the model from any other
 * @param rrrVersion of the rrr that runs it
 */
export function runIdentity(
  { task, file }: LoadedTask,
  spec: RunSpec,
  { items, itemsHash, promptsHash, notes }: HeldOut,
  model: object,
  rrrVersion: string,
): object {
  const { options } = spec.task;
  const { files, packages } = moduleFiles(file);
  const [node] = process.versions.node.split(".");
  return {
    versions: { rrr: rrrVersion, node, plugin: packageOf(file) ?? null, ...packages },
    task: {
      name: task.name,
      options,
      limits: limitsOf(spec, task),
      file: createHash("sha256").update(readFileSync(file)).digest("hex").slice(0, 16),
      imports: files,
      problems: items.length,
      items: itemsHash,
      prompts: promptsHash,
      ...(notes.length > 0 && { notes }),
    },
    model,
    settings: { ...settingsOf(spec.plan), ...(spec.retry === undefined ? {} : { retry: spec.retry }) },
  };
}

/**
 * The identities of a run as they are compared when it is resumed: what a server told about its model counts where it
 * told it both times.
 */
export function toldBoth(was: object, is: object): readonly [object, object] {
  const [before, now] = [was, is].map(servedOf);
  return before === undefined || now === undefined ? [withoutServed(was), withoutServed(is)] : [was, is];
}

interface WithModel {
  readonly model?: { readonly settings?: { readonly served?: unknown } };
}

function servedOf(identity: WithModel): unknown {
  return identity.model?.settings?.served;
}

function withoutServed(identity: WithModel): object {
  const { model } = identity;
  if (servedOf(identity) === undefined) return identity;
  const { served: _, ...settings } = model?.settings ?? {};
  return { ...identity, model: { ...model, settings } };
}

function settingsOf(plan: RunPlan): object {
  const { concurrency: _, ...evaluation } = plan.evaluation;
  if (plan.kind === "evaluate") return { kind: plan.kind, evaluation };
  const { concurrency: __, ...mining } = plan.mining;
  const { kind, train, stepsPerCheckpoint, rails } = plan;
  const probe = rails?.probe ?? 0;
  return { kind, evaluation, mining, train, stepsPerCheckpoint, ...(probe > 0 && { probe }) };
}

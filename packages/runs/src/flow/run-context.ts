import type { Model, Task, TemplateHistory } from "@rrr/core";
import type { OpenedModel } from "@rrr/models";
import type { Engine } from "@rrr/trainer";
import type { RunSpec, TrainingPlan } from "../spec/run-spec.ts";
import type { RunStore } from "../store/run-store.ts";
import type { HeldOut } from "./held-out.ts";

/** What every stage works with. */
export interface RunContext {
  readonly spec: RunSpec;
  readonly task: Task;
  readonly heldOut: HeldOut;
  readonly model: CountedModel;
  /** What the model's chat template makes of earlier answers, where it does not show them to the letter. */
  readonly history?: TemplateHistory;
  readonly store: RunStore;
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** A model, and what it has sampled; an engine's answers change as it learns. */
export interface CountedModel {
  readonly counting: Model;
  sampledTokens(): number;
  /** Of a model on a server. */
  readonly traffic?: OpenedModel["traffic"];
  /** Of an engine on a server. */
  readonly waitsFor?: Engine["waitsFor"];
}

/** What a progress event says of waiting: nothing, where nothing is waited for. */
export function waiting({ waitsFor }: Pick<CountedModel, "waitsFor">): { readonly waitsFor?: string } {
  const what = waitsFor?.();
  return what === undefined ? {} : { waitsFor: what };
}

/** What the stages of a run that trains work with. */
export interface TrainingContext extends RunContext {
  readonly plan: TrainingPlan;
  readonly engine: Engine;
  /** A second engine, with the weights from before training. */
  openReference(): Promise<Engine>;
}

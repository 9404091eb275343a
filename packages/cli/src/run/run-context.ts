import type { Task } from "@rrr/core";
import type { RunStore } from "@rrr/runs";
import type { Engine } from "@rrr/trainer";
import type { Display } from "../display/progress.ts";
import type { Meter } from "./meter.ts";
import type { EmitEvent } from "./run-events.ts";
import type { RunPlan } from "./run-plan.ts";
import type { Stage } from "./stopped.ts";

/** What every stage works with. */
export interface StageContext {
  readonly task: Task;
  /** The model, counting what it samples; an engine's answers change as it learns. */
  readonly meter: Meter;
  readonly heldOut: readonly unknown[];
  readonly store: RunStore;
  readonly display: Display;
  readonly emit: EmitEvent;
  /** Every stage says so when it begins. */
  enter(stage: Stage): void;
}

/** What the stages of a run that trains work with. */
export interface RunContext extends StageContext {
  readonly plan: RunPlan;
  readonly engine: Engine;
  readonly folder: string;
}

import type { Task } from "@rrr/core";
import type { Engine } from "@rrr/trainer";
import type { Display } from "../display/progress.ts";
import type { RunStore } from "../store/run-store.ts";
import type { Meter } from "./meter.ts";
import type { EmitEvent } from "./run-events.ts";
import type { RunPlan } from "./run-plan.ts";
import type { Stage } from "./stopped.ts";

/** What every stage of a run works with. */
export interface RunContext {
  readonly task: Task;
  readonly plan: RunPlan;
  readonly engine: Engine;
  /** The engine as a model: its answers change as the engine learns. */
  readonly meter: Meter;
  readonly heldOut: readonly unknown[];
  readonly folder: string;
  readonly store: RunStore;
  readonly display: Display;
  readonly emit: EmitEvent;
  /** Every stage says so when it begins. */
  enter(stage: Stage): void;
}

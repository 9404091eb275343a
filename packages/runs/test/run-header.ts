import { type EvaluationRequest, type TrainingRequest, toRunSpec } from "../src/spec/to-run-spec.ts";
import type { RunHeader } from "../src/store/run-store.ts";

/** What a run of a task called `task` says of itself when it begins. */
export function runHeader(
  task = "even",
  plan: EvaluationRequest | TrainingRequest = { kind: "evaluate" },
  model = "builtin",
): RunHeader {
  const spec = toRunSpec({ task: `./${task}.js`, model, plan }, "/");
  return { rrrVersion: "0.1.0", task, plugin: `/${task}.js`, spec, identity: { task: { name: task } } };
}

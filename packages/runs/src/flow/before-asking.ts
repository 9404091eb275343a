import type { SampledModel } from "../model/open-model.ts";
import { limitsOf } from "../spec/run-limits.ts";
import { BYTES_PER_TOKEN, estimate } from "./estimate.ts";
import type { RunEvent } from "./events.ts";
import type { RunContext } from "./run-context.ts";

/** What is said of an evaluation before anything is asked: of a server that is paid, what it will take. */
export function beforeAsking(
  { spec, task, heldOut, store }: RunContext,
  { notes, paidServer: server, price }: SampledModel,
): readonly RunEvent[] {
  const said = notes.map((text): RunEvent => ({ kind: "note", text }));
  if (server === undefined) return said;
  const { evaluation } = spec.plan;
  const { tally } = store.record("evaluate", heldOut.items);
  const inputs = {
    ...{ problems: heldOut.items.length, limits: limitsOf(spec, task), evaluation, done: tally(), price },
    retry: spec.retry ?? ({ layout: "conversation" } as const),
    promptTokens: heldOut.promptBytes / BYTES_PER_TOKEN,
  };
  return [...said, { kind: "estimate", server, ...estimate(inputs) }];
}

/** Adds batches of results to a run store until it is killed; prints the number of each once it is acknowledged. */
import { writeSync } from "node:fs";
import { defineTask, type Episode, fail, pass, schemaOf } from "@rrr/core";
import { createRunStore } from "../src/store/run-store.ts";

const store = createRunStore(process.argv[2] as string, {
  ...{ rrrVersion: "0", command: "eval", task: "t", plugin: "p", model: "m", seed: 0 },
  ...{ settings: {}, identity: {}, invocation: {} },
});
const task = defineTask({
  name: "t",
  schema: schemaOf((value): value is unknown => value !== undefined, "anything"),
  items: () => [],
  prompt: () => [],
  verify: () => pass(),
});
const record = store.stage("evaluate", task);
const completion = { text: "text ".repeat(50), finish: "stop" } as const;
const episode: Episode = {
  kind: "reflected",
  item: {},
  attempt: { prompt: [], completion, verdict: fail("wrong") },
  reflection: { prompt: [], completion, retry: { prompt: [], completion, verdict: pass() } },
};
const outcomes = { first: false, after: true };
for (let problem = 1; ; problem++) {
  for (let sample = 0; sample < 20; sample++) {
    record.add({ stage: "episodes", problem, sample, episode, outcomes });
  }
  record.flush();
  writeSync(1, `${problem}\n`);
}

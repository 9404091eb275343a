/** Adds batches of results to a run store until it is killed; prints the number of each once it is acknowledged. */
import { writeSync } from "node:fs";
import { type Episode, fail, pass } from "@rrr/core";
import { createRunStore } from "../src/store/run-store.ts";
import { runHeader } from "./run-header.ts";

const store = createRunStore(process.argv[2] as string, runHeader());
const record = store.record("evaluate");
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
    record.add({ part: "episodes", problem, sample, episode, outcomes, seconds: 0 });
  }
  record.flush();
  writeSync(1, `${problem}\n`);
}

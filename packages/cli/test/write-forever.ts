/** Adds batches of episodes to a run store until it is killed; prints the number of each once it is acknowledged. */
import { writeSync } from "node:fs";
import { type Episode, fail, pass } from "@rrr/core";
import { createRunStore } from "../src/store/run-store.ts";

const folder = process.argv[2] as string;
const header = { id: "r", rrrVersion: "0", task: "t", plugin: "p", model: "m", seed: 0, settings: {} };
const store = createRunStore(folder, header);
const completion = { text: "text ".repeat(50), finish: "stop" } as const;
const episode: Episode = {
  kind: "reflected",
  item: {},
  attempt: { prompt: [], completion, verdict: fail("wrong") },
  reflection: { prompt: [], completion, retry: { prompt: [], completion, verdict: pass() } },
};
for (let batch = 1; ; batch++) {
  store.addEpisodes(
    Array.from({ length: 20 }, (_, member) => ({ stage: "train", problem: batch, member, episode })),
  );
  writeSync(1, `${batch}\n`);
}

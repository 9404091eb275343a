// A task of one's own, checked by the conformance suite and tried with a model whose answers are written down.
import { runEpisode, take } from "@rrr/core";
import { assertTaskConforms, scriptedModel } from "@rrr/core/testing";
import task from "./tasks/backwards.ts";

await assertTaskConforms(task);
console.log(`task "${task.name}" keeps the contract`);

const [item] = await take(task.items("test", 0), 1);
if (item === undefined) throw new Error("no items");
const right = [...item.text].reverse().join("");
const model = scriptedModel(({ prompt, last }) => {
  if (prompt.length === 1) return `<answer>${item.text}</answer>`;
  return last.startsWith("Write")
    ? `<answer>${right}</answer>`
    : "I copied the text; I must start at its end.";
});
const episode = await runEpisode(task, model, item, { seed: 0, temperature: 1 });
if (episode.kind !== "reflected") throw new Error(`the episode is ${episode.kind}`);
console.log(JSON.stringify(episode.attempt.verdict), "→", JSON.stringify(episode.reflection.retry.verdict));

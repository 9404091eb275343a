import type { Writable } from "node:stream";
import { attemptPrompt, reflectionPrompt } from "@rrr/core";
import { loadTask } from "@rrr/plugins";
import type { RunReader } from "@rrr/runs";
import { put } from "@rrr/runs";
import { runTaskOptions } from "../runs/run-task-options.ts";

/**
 * Failed first attempts as TRL's trainers read them: `prompt` is the conversation up to the request for a reflection,
 * the other columns reach the reward function.
 * @see https://huggingface.co/docs/trl/dataset_formats
 */
export async function writeFailures(reader: RunReader, out: Writable): Promise<void> {
  const { plugin, invocation, task: name } = reader.run;
  const { task } = await loadTask(plugin, runTaskOptions(invocation));
  // Training repeats what was mined, greedy decoding what was sampled.
  for (const stage of ["mine", ...reader.stages]) {
    for (const { item: json, turns } of reader.episodes(stage)) {
      const attempt = turns.find(({ role }) => role === "attempt");
      if (attempt?.verdict !== "fail") continue;
      const item: unknown = JSON.parse(json);
      const failure = { item, prompt: attemptPrompt(task, item), completion: attempt.text };
      const prompt = reflectionPrompt(task, failure);
      await put(out, `${JSON.stringify({ prompt, task: name, item: json, attempt: attempt.text })}\n`);
    }
  }
}

import type { Writable } from "node:stream";
import { RrrError } from "@rrr/core";
import type { RunReader } from "../read/run-reader.ts";
import { SCHEMA_VERSION } from "../store/schema.ts";
import { asText, put } from "./write-table.ts";

/**
 * Failed first attempts as TRL's trainers read them: `prompt` is the conversation up to the request for a reflection,
 * the other columns reach the reward function. What the model was shown is in the run: no plugin is loaded.
 * @see https://huggingface.co/docs/trl/dataset_formats
 * @throws RrrError `bad-run` for a run that an older version wrote, which did not keep what the model was shown
 */
export async function writeFailures(reader: RunReader, out: Writable): Promise<void> {
  const { folder, spec, task } = reader.run;
  if (spec === undefined) {
    throw new RrrError(
      "bad-run",
      `${folder} is of an older format, before version ${SCHEMA_VERSION}: it lacks prompts`,
      {
        hint: "Its episodes, turns and outcomes can be exported; failures only with the rrr that wrote it.",
      },
    );
  }
  // Training repeats what was mined, greedy decoding what was sampled.
  for (const stage of ["mine", ...reader.stages] as const) {
    for (const episode of reader.episodes(stage)) {
      if (episode.part === "greedy") continue;
      const attempt = episode.turns.find(({ role }) => role === "attempt");
      if (attempt?.verdict !== "fail") continue;
      const asked = episode.turns.find(({ role }) => role === "reflection")?.prompt ?? episode.request;
      const prompt = reader.messages({ prompt: asked });
      const row = { prompt, task, item: episode.item, attempt: attempt.text };
      await put(
        out,
        asText(() => `${JSON.stringify(row)}\n`),
      );
    }
  }
}

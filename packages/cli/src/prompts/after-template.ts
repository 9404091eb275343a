import { resolve } from "node:path";
import { type Message, RrrError, readTemplateHistory, type TemplateHistory } from "@rrr/core";
import { type EpisodePrompts, episodePrompts } from "@rrr/plugins";
import { historyText, modelFolder } from "@rrr/runs";
import { loadTokenizer } from "@rrr/trainer";

type Stage = "attempt" | "reflection" | "retry" | "blindRetry";

/** The conversations of an episode as a model reads them. */
export interface AfterTemplate extends Readonly<Record<Stage, string>> {
  readonly model: string;
  readonly history: TemplateHistory;
  /** What the template makes of earlier answers, in sentences. */
  readonly text: readonly string[];
}

/**
 * The conversations of an episode after a model's chat template, and what it makes of the model's own words. Only the
 * tokenizer's files are read.
 * @throws RrrError `bad-argument` for a model that is no folder, `bad-model`
 */
export async function afterTemplate(
  task: Parameters<typeof episodePrompts>[0],
  { item, retryLayout: layout }: EpisodePrompts,
  model: string,
): Promise<AfterTemplate> {
  const { renderChat } = await loadTokenizer(await folderOf(model, task.name));
  const history = readTemplateHistory(renderChat);
  const text = historyText(history, layout);
  const settings = { answers: standIns(history), layout };
  const { attempt, reflection, retry, blindRetry } = episodePrompts(task, item, settings);
  const read = (messages: readonly Message[]): string => renderChat(messages);
  return {
    model,
    history,
    text: text.length > 0 ? text : ["The chat template shows earlier answers to the letter."],
    ...{ attempt: read(attempt), reflection: read(reflection) },
    ...{ retry: read(retry), blindRetry: read(blindRetry) },
  };
}

/** An answer with a thought, and a reflection as the retry is given it. */
function standIns({ tags, opensThought }: TemplateHistory): {
  readonly attempt: string;
  readonly reflection: string;
} {
  if (tags === undefined) return { attempt: "‹the failed attempt›", reflection: "‹the reflection›" };
  const opening = opensThought ? "" : tags.open;
  return {
    attempt: `${opening}‹its thought›${tags.close}\n\n‹what the failed attempt says after its thought›`,
    reflection: "‹what the reflection says after its thought›",
  };
}

async function folderOf(model: string, task: string): Promise<string> {
  if (/^(openai|transformers):/.test(model)) {
    throw new RrrError(
      "bad-argument",
      `--model is ${model}: this shows the chat template of a model folder`,
      {
        hint: "Name builtin or ./folder. `rrr eval` says of transformers:ID what its template makes of earlier answers.",
      },
    );
  }
  return modelFolder({ name: model, ...(model === "builtin" ? {} : { folder: resolve(model) }) }, task);
}

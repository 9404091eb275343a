import {
  attemptPrompt,
  blindRetryPrompt,
  type Message,
  messageOf,
  parsedItems,
  parseItem,
  RrrError,
  reflectionPrompt,
  retryPrompt,
  type Task,
} from "@rrr/core";

/** Stand-ins for what the model writes. */
const ATTEMPT = "‹the failed attempt, to the letter›";
const REFLECTION = "‹the reflection, to the letter›";

/** Every conversation of an episode; the blind retry is a control of the evaluation. */
export interface EpisodePrompts {
  readonly task: string;
  readonly item: unknown;
  readonly attempt: readonly Message[];
  readonly reflection: readonly Message[];
  readonly retry: readonly Message[];
  readonly blindRetry: readonly Message[];
}

export function episodePrompts(task: Task, item: unknown): EpisodePrompts {
  const attempt = attemptPrompt(task, item);
  const failure = { item, prompt: attempt, completion: ATTEMPT };
  return {
    task: task.name,
    item,
    attempt,
    reflection: reflectionPrompt(task, failure),
    retry: retryPrompt(task, failure, REFLECTION),
    blindRetry: blindRetryPrompt(failure),
  };
}

/** The item given as JSON, else the first held-out one of the task. @throws RrrError `bad-argument`, `bad-item` */
export async function chooseItem(task: Task, json: string | undefined, seed: number): Promise<unknown> {
  if (json !== undefined) return parseItem(task, parseJson(json));
  for await (const item of parsedItems(task, "test", seed)) return item;
  throw new RrrError("bad-task", `task "${task.name}" has no held-out items`, {
    hint: "Give one with --item.",
  });
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw new RrrError("bad-argument", `--item is not JSON: ${messageOf(cause)}`, {
      cause,
      hint: "Quote it for the shell: --item '{\"name\": 1}'.",
    });
  }
}

import {
  attemptPrompt,
  blindRetryPrompt,
  type Message,
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

/** What the model is taken to have written. */
export interface EpisodeAnswers {
  readonly attempt: string;
  readonly reflection: string;
}

/** The conversations of an episode of an item. @param answers default: stand-ins for the model's own words */
export function episodePrompts(
  task: Task,
  item: unknown,
  answers: EpisodeAnswers = { attempt: ATTEMPT, reflection: REFLECTION },
): EpisodePrompts {
  const attempt = attemptPrompt(task, item);
  const failure = { item, prompt: attempt, completion: answers.attempt };
  return {
    task: task.name,
    item,
    attempt,
    reflection: reflectionPrompt(task, failure),
    retry: retryPrompt(task, failure, answers.reflection),
    blindRetry: blindRetryPrompt(failure),
  };
}

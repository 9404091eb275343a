import {
  attemptPrompt,
  blindRetryPrompt,
  type Message,
  type RetryLayout,
  reflectionPrompt,
  retryLayoutOf,
  retryPrompt,
  type Task,
} from "@rrr/core";

/** Stand-ins for what the model writes. */
const ATTEMPT = "‹the failed attempt, to the letter›";
const REFLECTION = "‹the reflection, to the letter›";

/** Every conversation of an episode; the blind retry, without a reflection, is a control of the evaluation. */
export interface EpisodePrompts {
  readonly task: string;
  readonly item: unknown;
  readonly retryLayout: RetryLayout;
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

/** How the conversations are made. */
export interface EpisodePromptsSettings {
  /** Default: stand-ins for the model's own words. */
  readonly answers?: EpisodeAnswers;
  /** Default: the task's. */
  readonly layout?: RetryLayout | undefined;
}

/** The conversations of an episode of an item. @throws RrrError `bad-task` */
export function episodePrompts(
  task: Task,
  item: unknown,
  {
    answers = { attempt: ATTEMPT, reflection: REFLECTION },
    layout = retryLayoutOf(task),
  }: EpisodePromptsSettings = {},
): EpisodePrompts {
  const attempt = attemptPrompt(task, item);
  const failure = { item, prompt: attempt, completion: answers.attempt };
  return {
    task: task.name,
    item,
    retryLayout: layout,
    attempt,
    reflection: reflectionPrompt(task, failure),
    retry: retryPrompt(task, failure, answers.reflection, layout),
    blindRetry: blindRetryPrompt(failure, layout),
  };
}

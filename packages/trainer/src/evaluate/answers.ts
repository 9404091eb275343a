import { type Completion, type Episode, isOnlyThought, tokenCount } from "@rrr/core";
import { meanOf } from "../train/reward.ts";
import type { OutcomeTable } from "./coverage.ts";
import type { Outcomes } from "./evaluation.ts";

/** How the answers of one turn came. */
export interface TurnCounts {
  readonly answers: number;
  /** Cut off at the token limit. */
  readonly cut: number;
  /** Of those that failed: were cut off. Reflections have no verdict. */
  readonly cutFailures: number;
  /** Reflections that were only thought, so that their retries were blind ones; absent where none was. */
  readonly onlyThought?: number;
  /** From a cache: not sampled for this evaluation. */
  readonly cached: number;
  /** Whose tokens are an estimate, because nobody said how many they were. */
  readonly estimated: number;
  /** Whose tokens the server states in counts that contradict themselves. */
  readonly contradicted: number;
  /** Mean sampled tokens; absent where no answer says how many. */
  readonly tokens?: number;
}

/** Of the episodes, controls and greedy decoding left out; a turn that never came is absent. */
export type AnswerCounts = Readonly<Partial<Record<"attempt" | "reflection" | "retry", TurnCounts>>>;

/** Outcomes without the control that compares by tokens, where the counts of tokens contradict themselves. */
export function countedTable(table: OutcomeTable, answers: AnswerCounts): OutcomeTable {
  if (Object.values(answers).every(({ contradicted }) => contradicted === 0)) return table;
  return table.map((samples) => samples.map(({ matched: _, ...others }): Outcomes => others));
}

interface Answer {
  readonly completion: Completion;
  readonly isFailed: boolean;
}

export function answersOf(episodes: readonly Episode[]): AnswerCounts {
  const turns: Record<keyof AnswerCounts & string, Answer[]> = { attempt: [], reflection: [], retry: [] };
  for (const episode of episodes) {
    const { attempt } = episode;
    if (attempt !== undefined)
      turns.attempt.push({ completion: attempt.completion, isFailed: attempt.verdict.kind === "fail" });
    if (episode.kind === "solved") continue;
    const rounds =
      episode.kind === "reflected" ? [episode.reflection, ...(episode.later ?? [])] : (episode.earlier ?? []);
    for (const { completion, retry } of rounds) {
      turns.reflection.push({ completion, isFailed: false });
      turns.retry.push({ completion: retry.completion, isFailed: retry.verdict.kind === "fail" });
    }
    if (episode.kind === "errored" && episode.reflection !== undefined)
      turns.reflection.push({ completion: episode.reflection.completion, isFailed: false });
  }
  return Object.fromEntries(
    Object.entries(turns).flatMap(([turn, answers]) =>
      answers.length === 0 ? [] : [[turn, { ...countsOf(answers), ...onlyThoughtOf(turn, answers) }]],
    ),
  );
}

function countsOf(answers: readonly Answer[]): TurnCounts {
  const count = (is: (answer: Answer) => boolean | undefined): number => answers.filter(is).length;
  const isCut = ({ completion }: Answer): boolean => completion.finish === "length";
  const tokens = meanOf(answers.map(({ completion }) => tokenCount(completion)));
  return {
    answers: answers.length,
    cut: count(isCut),
    cutFailures: count((answer) => answer.isFailed && isCut(answer)),
    cached: count(({ completion }) => completion.cached),
    estimated: count(({ completion }) => completion.usage?.estimated),
    contradicted: count(({ completion }) => completion.usage?.contradicts !== undefined),
    ...(tokens === undefined ? {} : { tokens }),
  };
}

function onlyThoughtOf(turn: string, answers: readonly Answer[]): { readonly onlyThought?: number } {
  if (turn !== "reflection") return {};
  const onlyThought = answers.filter(({ completion }) => isOnlyThought(completion)).length;
  return onlyThought === 0 ? {} : { onlyThought };
}

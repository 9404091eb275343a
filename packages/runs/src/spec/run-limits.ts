/** How many tokens each turn of a run may have, and who says so. */
import { DEFAULT_LIMITS, type TaskLimits, type TokenLimits } from "@rrr/core";

export type Turn = keyof TokenLimits;

/** In the order of an episode. */
export const TURNS: readonly Turn[] = ["attempt", "reflection", "retry"];

/**
 * `task`: the task's own, for every model. `builtin`: for the built-in model. `default`: for other models. `context`: the
 * default, as far as the model's context window has room. `data`: raised to what the longest accepted answer needs.
 * `settings`: the trainer's, which learn from short reflections.
 */
export type LimitSource =
  | "option"
  | "configuration"
  | "task"
  | "builtin"
  | "default"
  | "context"
  | "data"
  | "settings";

export interface RunLimits extends Required<TokenLimits> {
  readonly from: Readonly<Record<Turn, LimitSource>>;
}

/** What limits depend on. */
export interface LimitCircumstances {
  /** What the user said, and which of it in a configuration. */
  readonly asked: Partial<TokenLimits>;
  readonly configured: readonly Turn[];
  readonly task: TaskLimits;
  readonly isBuiltin: boolean;
  readonly rounds: number;
  /** Undefined where it is not known. */
  readonly context?: ContextRoom | undefined;
  /** Tokens of the longest accepted answer; 0 where it is not known. */
  readonly answer: number;
  /** Most tokens of a reflection by the trainer's settings, where these have any. */
  readonly reflection?: number | undefined;
}

/** A model's context window, and what of it the task takes, in tokens. */
export interface ContextRoom {
  readonly length: number;
  /** The longest prompt of an attempt. */
  readonly prompt: number;
  /** What a round adds to it besides answer and reflection: the request for a reflection, the problem again. */
  readonly round: number;
}

/** The built-in model's where a task says none; its context window has room for less. */
const OF_BUILTIN: TokenLimits = { attempt: 1024, reflection: 512 };
/** Where a context window has less room than this, the model is the one to say so. */
const LEAST_TOKENS = 64;

/** In this order: option, configuration, the task's own, what suits the model. */
export function resolveLimits(circumstances: LimitCircumstances): RunLimits {
  const { asked, configured, answer, context, reflection } = circumstances;
  const suited = suitedLimits(circumstances);
  const entries = TURNS.map((turn): readonly [Turn, number, LimitSource] => {
    const said = asked[turn];
    if (said !== undefined) return [turn, said, configured.includes(turn) ? "configuration" : "option"];
    const { tokens, from } = suited[turn];
    const isAnswer = turn !== "reflection";
    if (!isAnswer && reflection !== undefined && reflection < tokens) return [turn, reflection, "settings"];
    const needed = Math.min(answer, context === undefined ? answer : context.length - context.prompt);
    return isAnswer && needed > tokens ? [turn, needed, "data"] : [turn, tokens, from];
  });
  const tokens = Object.fromEntries(entries.map(([turn, most]) => [turn, most])) as Required<TokenLimits>;
  const from = Object.fromEntries(entries.map(([turn, , source]) => [turn, source])) as RunLimits["from"];
  return { ...tokens, from };
}

/** What a run's stages work with; a run of an earlier version has the task's own. */
export function limitsOf(
  { limits }: { readonly limits?: RunLimits },
  task: { readonly limits: TaskLimits },
): TokenLimits {
  if (limits !== undefined) {
    const { attempt, reflection, retry } = limits;
    return { attempt, reflection, retry };
  }
  const { for: made, ...own } = task.limits;
  return made === "unknown" ? OF_BUILTIN : own;
}

type Suited = Readonly<Record<Turn, { readonly tokens: number; readonly from: LimitSource }>>;

/** Where the user says nothing. */
function suitedLimits({ asked, task, isBuiltin, rounds, context }: LimitCircumstances): Suited {
  if (task.for === undefined) return all(task, "task");
  if (isBuiltin) return all(task.for === "builtin" ? task : OF_BUILTIN, "builtin");
  const most = all(DEFAULT_LIMITS, "default");
  if (context === undefined) return most;
  const room = roomFor(asked, rounds, context);
  const fitted = (turn: Turn): Suited[Turn] =>
    room[turn] < most[turn].tokens ? { tokens: room[turn], from: "context" } : most[turn];
  return { attempt: fitted("attempt"), reflection: fitted("reflection"), retry: fitted("retry") };
}

function all(limits: TokenLimits, from: LimitSource): Suited {
  const { attempt, reflection, retry = attempt } = limits;
  return {
    attempt: { tokens: attempt, from },
    reflection: { tokens: reflection, from },
    retry: { tokens: retry, from },
  };
}

/** A reflection gets half of what an answer gets, so that the longest conversation fits: the last retry's. */
function roomFor(
  asked: Partial<TokenLimits>,
  rounds: number,
  { length, prompt, round }: ContextRoom,
): Required<TokenLimits> {
  const shares = { attempt: 2, reflection: 1, retry: 2 };
  const turns = { attempt: 1, reflection: rounds, retry: rounds };
  let left = length - prompt - rounds * round;
  let open = 0;
  for (const turn of TURNS) {
    const said = asked[turn];
    if (said === undefined) open += turns[turn] * shares[turn];
    else left -= turns[turn] * said;
  }
  const share = Math.floor(left / Math.max(open, 1));
  const fitting = (turn: Turn): number => Math.max(LEAST_TOKENS, share * shares[turn]);
  return { attempt: fitting("attempt"), reflection: fitting("reflection"), retry: fitting("retry") };
}

import { RrrError } from "@rrr/core";
import type { RunReader, StoredEpisode, StoredTurn } from "@rrr/runs";
import { toEpisodeEntry } from "@rrr/runs";
import type { EpisodeAnswer, GroupMember, ShownByTask, ShownTurn, ShowsOfTask, TextAnswer } from "./api.ts";
import { conversationOf, shownMessage } from "./conversation.ts";
import { wholeNumber } from "./parameters.ts";
import { partOf, shown } from "./shown-text.ts";
import type { Trial } from "./trial.ts";

/** Of a group, texts are compared side by side: their beginnings come. */
const IN_GROUP = 4_000;
/** Members of a group that come; larger ones are paged through by the list. */
const MOST_MEMBERS = 64;

/** @param shows what its task shows with its own words, where that is loaded */
export function episodeAnswer(reader: RunReader, episode: StoredEpisode, shows?: ShowsOfTask): EpisodeAnswer {
  const { item, failure, error, error_turn, seconds, recorded_at, turns } = episode;
  const { preview: _, ...entry } = toEpisodeEntry(episode);
  const { messages, prompts } = conversationOf(reader, turns);
  const group = episode.stage === "mine" ? [] : reader.together(episode).slice(0, MOST_MEMBERS);
  const shownTurns = turns.map((turn, i) => shownTurn(reader, episode.id, turn, prompts[i] ?? []));
  return {
    ...entry,
    item: shown(item),
    ...{ failure, error, errorTurn: error_turn, seconds, recordedAt: recorded_at },
    messages: messages.map((message) => shownMessage(message, turns)),
    turns: shownTurns,
    group: group.length < 2 ? [] : group.map((each) => memberOf(reader, each)),
    lacks: lacksOf(episode, shownTurns),
    ...(shows === undefined ? {} : { shows }),
  };
}

/**
 * How a task shows an episode's item, or what a turn of it answered.
 * @throws RrrError `bad-argument` for a turn that is not there
 */
export function shownByTask(
  trial: Trial,
  { item, turns }: StoredEpisode,
  position?: number,
): Promise<ShownByTask> {
  const turn = turns.find((each) => each.position === position);
  if (position !== undefined && turn === undefined) {
    throw new RrrError("bad-argument", `the episode has no turn ${position}`);
  }
  return trial.show(JSON.parse(item), turn?.text);
}

function shownTurn(
  reader: RunReader,
  episode: number,
  turn: StoredTurn,
  prompt: readonly number[],
): ShownTurn {
  const { position, finish, verdict, code, detail, estimated, reasoning, tokens } = turn;
  return {
    ...{ position, finish, verdict, code, estimated, tokens, prompt },
    role: roleOf(turn),
    text: shown(turn.text),
    ...(reasoning === null ? {} : { reasoning: shown(reasoning) }),
    promptTokens: turn.prompt_tokens,
    isCached: turn.cached !== 0,
    ...(detail === null ? {} : { detail: shown(detail) }),
    hasTokens: reader.tokens(episode, position) !== undefined,
  };
}

function roleOf({ role }: StoredTurn): string {
  return role;
}

function memberOf(reader: RunReader, episode: StoredEpisode): GroupMember {
  const { id, sample, path, reward, advantage } = toEpisodeEntry(episode);
  const own = episode.turns.filter(({ role }) => ["attempt", "reflection", "retry"].includes(role));
  return {
    ...{ id, sample, path, reward, advantage, error: episode.error },
    turns: own.map(({ position, role, text, finish, tokens, verdict, code }) => ({
      ...{ position, role, text: shown(text, IN_GROUP), finish, tokens, verdict, code },
      hasTokens: reader.tokens(id, position) !== undefined,
    })),
  };
}

/** What a reader would look for in vain. */
function lacksOf({ stage }: StoredEpisode, turns: readonly ShownTurn[]): readonly string[] {
  const hasPrompts = turns.some(({ prompt }) => prompt.length > 0);
  const reflection = turns.find(({ role }) => role === "reflection");
  return [
    ...(turns.length === 0 ? ["No answer of the model was kept: the error came before the first."] : []),
    ...(turns.length > 0 && !hasPrompts
      ? ["The run does not say what the model was shown: an older version of rrr wrote it."]
      : []),
    ...(stage === "train" && reflection?.hasTokens === true
      ? [
          "Log-probabilities are those under the weights that sampled the text. The run keeps none under the weights of its " +
            "start, so how they changed since cannot be shown.",
        ]
      : []),
    ...(stage === "train" && reflection !== undefined && !reflection.hasTokens
      ? ["The model did not say its tokens, so they cannot be coloured one by one."]
      : []),
  ];
}

/**
 * A part of a long text of an episode.
 * @param of `item`, or `turn.3`, `reasoning.3`, `detail.3` by the turn's position, or `message.2`, `tools.2` by the place in
 * the episode's messages
 * @throws RrrError `bad-argument` for what is not there
 */
export function textAnswer(reader: RunReader, episode: StoredEpisode, of: string, from: number): TextAnswer {
  const text = textOf(reader, episode, of);
  if (text !== undefined && text !== null) return partOf(text, from);
  throw new RrrError("bad-argument", `the episode has no text ${JSON.stringify(of)}`);
}

function textOf(reader: RunReader, { item, turns }: StoredEpisode, of: string): string | null | undefined {
  if (of === "item") return item;
  const [kind = "", place = "", ...rest] = of.split(".");
  if (rest.length > 0) return undefined;
  const at = wholeNumber(place, "of");
  const turn = turns.find(({ position }) => position === at);
  if (kind === "turn") return turn?.text;
  if (kind === "reasoning") return turn?.reasoning;
  if (kind === "detail") return turn?.detail;
  if (kind !== "message" && kind !== "tools") return undefined;
  const message = conversationOf(reader, turns).messages[at];
  if (kind === "message") return message?.content;
  return message?.tools && JSON.stringify(message.tools, undefined, 2);
}

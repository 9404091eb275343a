import type { EpisodeEntry, StoredEpisode } from "@rrr/runs";
import { toEpisodeEntry } from "@rrr/runs";
import type { EpisodeAnswer, GroupMember, ShownMessage, ShownTurn } from "../view/api.ts";
import { quietLine, quietText, SIDE_LENGTH } from "./quiet-texts.ts";
import type { Scrub } from "./scrub.ts";

const EMPTY = { text: "", length: 0 };
/** Codes are words; a stranger's may be anything. */
const MOST_CODE = 100;
/** Members of a group that are in a report. */
const MOST_MEMBERS = 16;
/** Characters of the halves of a preview. */
const PROBLEM = 120;
const ANSWER = 100;

export interface QuietSettings {
  readonly scrub: Scrub;
  /** Whether problems, conversations and what verifiers say of them are told. */
  readonly prompts: boolean;
}

/** An episode as a report tells it. Tokens are pieces of texts, in which nothing could be found: there are none. */
export function quietEpisode(answer: EpisodeAnswer, { scrub, prompts }: QuietSettings): EpisodeAnswer {
  const { item, error, code, turns, messages, group, lacks } = answer;
  return {
    ...answer,
    code: quietCode(code, scrub),
    item: prompts ? quietText(item, scrub.text) : EMPTY,
    error: error === null ? null : scrub.message(error).slice(0, SIDE_LENGTH),
    messages: prompts ? messages.map((message) => quietMessage(message, scrub)) : [],
    turns: turns.map((turn) => quietTurn(turn, { scrub, prompts })),
    group: group.slice(0, MOST_MEMBERS).map((member) => quietMember(member, scrub)),
    // The first says what there is no answer or no prompt of; what follows is of tokens.
    lacks:
      turns.some(({ prompt }) => prompt.length > 0) || !(prompts || turns.length === 0)
        ? []
        : lacks.slice(0, 1),
  };
}

/** Its line in the list. */
export function quietEntry(episode: StoredEpisode, quiet: EpisodeAnswer): EpisodeEntry {
  const own = quiet.turns.filter(({ role }) => ["attempt", "reflection", "retry"].includes(role));
  const preview = `${quietLine(quiet.item, PROBLEM)}\n${quietLine(own.at(-1)?.text ?? EMPTY, ANSWER)}`;
  return { ...toEpisodeEntry(episode), code: quiet.code, preview };
}

function quietTurn(turn: ShownTurn, { scrub, prompts }: QuietSettings): ShownTurn {
  const { text, reasoning, detail, code, prompt, ...rest } = turn;
  // What is kept of an answer that errored is what the server said.
  const isError = turn.finish === "error";
  const quietDetail = detail && (isError ? quietText(detail, scrub.message, SIDE_LENGTH) : undefined);
  return {
    ...rest,
    code: quietCode(code, scrub),
    prompt: prompts ? prompt : [],
    text: quietText(text, scrub.text),
    ...(reasoning === undefined ? {} : { reasoning: quietText(reasoning, scrub.text) }),
    ...(detail === undefined || !(prompts || isError)
      ? {}
      : { detail: quietDetail ?? quietText(detail, scrub.text) }),
    hasTokens: false,
  };
}

function quietMessage({ role, content, tools, answerOf }: ShownMessage, scrub: Scrub): ShownMessage {
  return {
    role,
    content: quietText(content, scrub.text),
    ...(tools === undefined ? {} : { tools: quietText(tools, scrub.text) }),
    ...(answerOf === undefined ? {} : { answerOf }),
  };
}

function quietMember(member: GroupMember, scrub: Scrub): GroupMember {
  const { error, turns } = member;
  return {
    ...member,
    error: error === null ? null : scrub.message(error).slice(0, SIDE_LENGTH),
    turns: turns.map((turn) => ({
      ...turn,
      text: quietText(turn.text, scrub.text, SIDE_LENGTH),
      code: quietCode(turn.code, scrub),
      hasTokens: false,
    })),
  };
}

function quietCode(code: string | null, scrub: Scrub): string | null {
  return code === null ? null : scrub.text(code).slice(0, MOST_CODE);
}

import { messageOf, RrrError } from "./errors.ts";
import type { Message } from "./message.ts";
import type { Completion } from "./model.ts";

/**
 * How a chat template shows an earlier answer of the model to later turns. `trimmed`: but for white space, to the
 * letter. `rewritten`: neither that nor merely without its thought.
 */
export type ShownAs = "whole" | "trimmed" | "without thoughts" | "rewritten";

/** What a model writes before and after a thought. */
export interface ThoughtTags {
  readonly open: string;
  readonly close: string;
}

/** What a chat template makes of the model's earlier answers. */
export interface TemplateHistory {
  /** A failed attempt, in the prompts of its reflection and of its retry. */
  readonly attempt: ShownAs;
  /** A reflection, in the prompt of its retry. */
  readonly reflection: ShownAs;
  /** Around the thoughts that are left out; undefined where none are. */
  readonly tags?: ThoughtTags;
  /** The prompt ends within a thought: answers begin there, without the opening tag. */
  readonly opensThought: boolean;
}

/** Tags that models are trained to think in, the most frequent first. */
export const THOUGHT_TAGS: readonly [ThoughtTags, ...ThoughtTags[]] = [
  { open: "<think>", close: "</think>" },
  { open: "<thinking>", close: "</thinking>" },
  { open: "<thought>", close: "</thought>" },
  { open: "<reasoning>", close: "</reasoning>" },
  { open: "<seed:think>", close: "</seed:think>" },
  { open: "[THINK]", close: "[/THINK]" },
  { open: "◁think▷", close: "◁/think▷" },
];

/** What the template is asked about; a tokenizer may know only some of the characters. */
const MARK = "marked answer";
const [THOUGHT, SAID] = ["first came this", "then it said that"];
const SPACED = `\n  ${SAID}\n\n`;
const LITERAL = `Is "${SAID}" <b>&amp;</b> {"a": 1}?\n\n- 'Über' ${"and so on ".repeat(40)}`;

/**
 * Finds out what a chat template makes of earlier answers, by giving it some and looking at what comes back.
 * @param render the template with the opening of the assistant's turn, as text
 * @param read a text as it is after `render`, where that goes through a tokenizer that does not keep all of it
 * @throws RrrError `bad-model` where the template cannot show an earlier answer at all
 */
export function readTemplateHistory(
  render: Render,
  read: (text: string) => string = (text) => text,
): TemplateHistory {
  try {
    return lookAt(render, read);
  } catch (cause) {
    if (RrrError.is(cause)) throw cause;
    throw new RrrError("bad-model", `the chat template refuses earlier answers: ${messageOf(cause)}`, {
      cause,
      hint: "A retry is asked for behind the failed attempt and the reflection: use a model made for conversations.",
    });
  }
}

type Render = (messages: readonly Message[]) => string;

function lookAt(render: Render, read: (text: string) => string): TemplateHistory {
  const attempt = judge(shownWithin(render, read, ["a"]), read);
  const reflection = judge(shownWithin(render, read, ["a", "b", "c"]), read);
  const tags = reflection.tags ?? attempt.tags;
  const opened = render([{ role: "user", content: "a" }]).trimEnd();
  return {
    attempt: attempt.shownAs,
    reflection: reflection.shownAs,
    ...(tags === undefined ? {} : { tags }),
    opensThought: tags !== undefined && opened.endsWith(read(tags.open)),
  };
}

/** Undefined where the answer cannot be found in what the template made. */
type Show = (answer: string) => string | undefined;

/** How an answer comes back from behind some turns, with a last turn of the user's after it. */
function shownWithin(render: Render, read: (text: string) => string, before: readonly string[]): Show {
  const conversation = (answer: string): readonly Message[] =>
    [...before, answer, "z"].map((content, i) => ({ role: i % 2 === 0 ? "user" : "assistant", content }));
  const marked = render(conversation(MARK));
  const mark = read(MARK);
  const start = marked.lastIndexOf(mark);
  if (mark === "" || start === -1) return () => undefined;
  const [head, tail] = [marked.slice(0, start), marked.slice(start + mark.length)];
  return (answer) => {
    const text = render(conversation(answer));
    const isFound = text.length >= head.length + tail.length && text.startsWith(head) && text.endsWith(tail);
    return isFound ? text.slice(head.length, text.length - tail.length) : undefined;
  };
}

function judge(
  show: Show,
  read: (text: string) => string,
): { readonly shownAs: ShownAs; readonly tags?: ThoughtTags } {
  const closed = ({ open, close }: ThoughtTags): string => `${open}\n${THOUGHT}\n${close}\n\n${SAID}`;
  const tags = THOUGHT_TAGS.find((each) => {
    const shown = show(closed(each));
    return shown?.includes(read(SAID)) === true && !shown.includes(read(THOUGHT));
  });
  const thoughts = THOUGHT_TAGS.flatMap((each) => [closed(each), `${each.open}${THOUGHT}`]);
  // Where thoughts are left out, one that is never closed may or may not be: it is not shown in either case.
  const answers = [SPACED, LITERAL, ...(tags === undefined ? thoughts : [])];
  const pairs = answers.map((answer) => [show(answer), read(answer)] as const);
  const bare = (text: string | undefined): string | undefined => text?.replace(/\s+/g, "");
  if (pairs.some(([shown, given]) => bare(shown) !== bare(given))) return { shownAs: "rewritten" };
  if (tags !== undefined) return { shownAs: "without thoughts", tags };
  return { shownAs: pairs.every(([shown, given]) => shown === given) ? "whole" : "trimmed" };
}

/**
 * How much of an answer later turns are not shown, in characters from its start: its thoughts, up to the end of the
 * last, and the white space behind. All of it where the model ended, or was cut off, within a thought.
 */
export function hiddenLength(
  { text, finish }: Pick<Completion, "text" | "finish">,
  { open, close }: ThoughtTags,
  opensThought = false,
): number {
  const closedAt = text.lastIndexOf(close);
  const end = closedAt === -1 ? 0 : closedAt + close.length;
  const said = text.slice(end).trimStart();
  const isThinking =
    (closedAt === -1 && opensThought) ||
    said.startsWith(open) ||
    // Where the model ended its turn itself, it may speak of the tag.
    (finish === "length" && said.includes(open));
  if (isThinking) return text.length;
  return closedAt === -1 ? 0 : text.length - said.length;
}

/** A completion, with how much of it a model's own template hides. */
export function withHidden<Written extends Completion>(
  completion: Written,
  { reflection, tags, opensThought }: TemplateHistory,
): Written & { readonly hidden: number } {
  const leavesOut = reflection === "without thoughts" && tags !== undefined;
  return { ...completion, hidden: leavesOut ? hiddenLength(completion, tags, opensThought) : 0 };
}

/**
 * A completion as later turns are shown it: what is hidden of its text is reasoning. The template of a server is not
 * known. Those of models that begin their answers with a thought leave it out, and so is it left out here.
 */
export function asShown({ hidden, ...completion }: Completion): Completion {
  const { text, reasoning } = completion;
  const tags = THOUGHT_TAGS.find(({ open }) => text.trimStart().startsWith(open));
  const length = hidden ?? (tags === undefined ? 0 : hiddenLength(completion, tags));
  if (length === 0) return completion;
  const thought = text.slice(0, length);
  return {
    ...completion,
    text: text.slice(length),
    reasoning: reasoning === undefined ? thought : `${reasoning}\n${thought}`,
  };
}

/**
 * A completion of a prompt that ends within a thought: that is no part of the answer, also where it was cut off, and
 * nothing in it is to be taken for one.
 */
export function apartFromOpened<Written extends Completion>(
  completion: Written,
  history: TemplateHistory,
): Completion {
  return history.opensThought && completion.hidden !== 0 ? { ...asShown(completion), hidden: 0 } : completion;
}

/** Whether a reflection ended, or was cut off, within its thought: there is nothing that a retry could be shown. */
export function isOnlyThought({ text, reasoning }: Pick<Completion, "text" | "reasoning">): boolean {
  return reasoning !== undefined && text.trim() === "";
}

import { messageOf } from "@rrr/core";
import type { RunReader } from "@rrr/runs";
import { type ChatTokenizer, loadTokenizer } from "@rrr/trainer";
import type { TokensAnswer } from "./api.ts";

/** Makes the tokens of a turn readable. */
export interface TokenTexts {
  /** @param position of the turn */
  of(reader: RunReader, episode: number, position: number): Promise<TokensAnswer>;
}

/** Tokens that come: a browser lays each out by itself. */
const MOST_TOKENS = 8_000;

/**
 * Tokenizers come from a run's own checkpoints: a run from elsewhere may name any other folder, and none is read because
 * one names it.
 * @param builtin folder of the built-in model of a task; undefined where there is none
 */
export function createTokenTexts(builtin: (task: string) => string | undefined): TokenTexts {
  const loaded = new Map<string, Promise<ChatTokenizer>>();
  function tokenizerIn(folder: string): Promise<ChatTokenizer> {
    const known = loaded.get(folder);
    if (known !== undefined) return known;
    const tokenizer = loadTokenizer(folder);
    tokenizer.catch(() => loaded.delete(folder));
    loaded.set(folder, tokenizer);
    return tokenizer;
  }
  return {
    async of(reader, episode, position) {
      const tokens = reader.tokens(episode, position);
      if (tokens === undefined) return { kind: "none", why: "the run does not have the tokens of this turn" };
      const { model, task } = reader.run;
      const folder = reader.checkpoints().at(-1)?.folder ?? (model === "builtin" ? builtin(task) : undefined);
      if (folder === undefined) {
        return { kind: "none", why: "the run has no tokenizer of its own to make texts of the tokens" };
      }
      try {
        return { kind: "tokens", tokens: textsOf(await tokenizerIn(folder), tokens) };
      } catch (error) {
        return { kind: "none", why: messageOf(error) };
      }
    },
  };
}

/** Part of a character: more tokens belong to it. */
const PARTIAL = /\ufffd$/;
/** Tokens that may make one character. */
const MOST_PARTS = 4;

function textsOf(
  tokenizer: ChatTokenizer,
  { ids, logprobs }: { readonly ids: Int32Array; readonly logprobs: Float32Array },
): readonly { readonly text: string; readonly logprob: number }[] {
  const texts: { text: string; logprob: number }[] = [];
  for (let start = 0; start < Math.min(ids.length, MOST_TOKENS); ) {
    let end = start + 1;
    let text = tokenizer.decode(ids.subarray(start, end));
    while (PARTIAL.test(text) && end < ids.length && end - start < MOST_PARTS) {
      end++;
      text = tokenizer.decode(ids.subarray(start, end));
    }
    const logprob = logprobs.subarray(start, end).reduce((sum, each) => sum + each, 0);
    texts.push({ text, logprob });
    start = end;
  }
  return texts;
}

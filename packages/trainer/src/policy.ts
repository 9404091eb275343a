import { setMaxListeners } from "node:events";
import {
  apartFromOpened,
  type Completion,
  type Message,
  type Model,
  RrrError,
  readTemplateHistory,
  type TemplateHistory,
  withHidden,
} from "@rrr/core";
import { divergedModel } from "./diverged-model.ts";
import type { Engine, TokenCompletion } from "./engine.ts";
import { hiddenTokens } from "./hidden-tokens.ts";
import { createSlices } from "./streams/slices.ts";

/** A thousand prompts take a second: who wants to stop is heard before that. */
const ENCODING_MS = 50;

/** An engine as a model. */
export interface Policy extends Model {
  /** What its chat template makes of earlier answers. */
  readonly history: TemplateHistory;
}

/**
 * An engine as a model: chat template, sampling, decoding. The tokens that were fed and sampled stay with each
 * completion: the tokens that are trained are never re-tokenised; earlier turns re-enter as text.
 * @throws from `generate`: context-overflow if a prompt leaves no room for a completion, diverged if a log-probability is
 *   no number.
 */
export function createPolicy(engine: Engine, id: string = engine.name): Policy {
  const { tokenizer, contextLength } = engine;
  const history = readTemplateHistory(
    (messages) => tokenizer.decode(tokenizer.encodeChat(messages)),
    (text) => tokenizer.decode(tokenizer.encode(text)),
  );

  function toCompletion(prompt: Int32Array, { tokens, logprobs, finish }: TokenCompletion): Completion {
    const broken = logprobs.find((logprob) => !Number.isFinite(logprob));
    if (broken !== undefined) throw divergedModel(broken);
    const text = tokenizer.decode(finish === "stop" ? tokens.subarray(0, -1) : tokens);
    const written = withHidden({ text, finish, tokens: { prompt, ids: tokens, logprobs } }, history);
    const { hidden } = written;
    if (hidden === 0) return written;
    const counted = { ...written.tokens, hidden: hiddenTokens(tokenizer, tokens, text, hidden) };
    return apartFromOpened({ ...written, tokens: counted }, history);
  }

  const inTurn = createSlices(ENCODING_MS);

  return {
    id,
    history,
    async generate(messages: readonly Message[], options) {
      // A training step's requests all listen to one signal; Node takes more than ten for a leak.
      if (options.signal !== undefined) setMaxListeners(0, options.signal);
      await inTurn();
      const prompt = tokenizer.encodeChat(messages);
      const room = contextLength - prompt.length;
      if (room < 1) {
        throw new RrrError(
          "context-overflow",
          `a prompt of ${prompt.length} tokens fills the context of ${contextLength}`,
          {
            hint: "Lower the token limits of attempts and reflections, or use a model with a longer context.",
          },
        );
      }
      const maxTokens = Math.min(options.maxTokens, room);
      const completions = await engine.sample(prompt, { ...options, n: options.n ?? 1, maxTokens });
      return completions.map((completion) => toCompletion(prompt, completion));
    },
  };
}

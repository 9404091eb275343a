/**
 * What transcripts are made of. An assistant's turn is a list of pieces, one token each. Only turns with `learn` carry
 * loss. What the model is given (problems, failed attempts) never does, or the base would learn to fail on purpose.
 */
import type { Message } from "@rrr/core";
import type { Datum, Tokenizer } from "@rrr/trainer";

export interface Transcript {
  readonly prompt: readonly Message[];
  /** The turns after the prompt. */
  readonly turns: readonly Turn[];
}

export type Turn = AssistantTurn | UserTurn;

export interface AssistantTurn {
  readonly role: "assistant";
  readonly pieces: readonly string[];
  readonly learn: boolean;
}

/** What the user says after the first prompt: the problem again, or the request for a reflection. */
export interface UserTurn {
  readonly role: "user";
  readonly ask: "problem" | "reflect";
}

/** Turns transcripts into tokens, with loss on the turns to be learnt. @param request for a reflection */
export function createPacker(tokenizer: Tokenizer, request: string): (transcript: Transcript) => Datum {
  const ids = new Map<string, number>();
  const id = (piece: string): number => {
    const known = ids.get(piece);
    if (known !== undefined) return known;
    const encoded = tokenizer.encode(piece);
    if (encoded.length !== 1) throw new Error(`not one token: ${JSON.stringify(piece)}`);
    ids.set(piece, encoded[0] as number);
    return encoded[0] as number;
  };
  const reflect = tokenizer.encode(request);

  return ({ prompt, turns }) => {
    const userTurns = { problem: tokenizer.encode(prompt.at(-1)?.content ?? ""), reflect };
    const targets: number[] = [];
    const learnt: number[] = [];
    turns.forEach((turn, i) => {
      if (i > 0) {
        targets.push(id(`<|${turn.role}|>`));
        learnt.push(0);
      }
      const content = turn.role === "user" ? userTurns[turn.ask] : turn.pieces.map(id);
      targets.push(...content, id("<|end|>"));
      const learn = turn.role === "assistant" && turn.learn ? 1 : 0;
      for (let token = 0; token <= content.length; token++) learnt.push(learn);
    });
    return {
      prompt: tokenizer.encodeChat(prompt),
      targets: Int32Array.from(targets),
      weights: Float32Array.from(learnt),
    };
  };
}

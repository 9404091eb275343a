import type { Random } from "@rrr/core";
import type { Api, Arguments } from "../apis/api.ts";
import { type Filled, fill, valuesOf } from "../apis/fill.ts";

/** A call that a user asks for, and the sentence that asks for it. */
export interface Request extends Filled {
  readonly api: Api;
}

/** Enough for the pickiest `sensible`, which a test holds every function of ours to. */
const MAX_DRAWS = 1_000;

/** Draws one of the function's sentences, which optional parts are said, and every value in it. */
export function drawRequest(api: Api, random: Random): Request {
  for (let draws = 0; draws < MAX_DRAWS; draws++) {
    const { sentence, said } = fill(random.pick(api.requests), api.parameters, random);
    if (api.sensible?.(valuesOf(said, api.parameters)) ?? true) return { api, said, sentence };
  }
  throw new Error(`${api.name}: no sensible arguments in ${MAX_DRAWS} draws`);
}

/** The call that answers a request: arguments in the order of the function's parameters. */
export function callOf({ api, said }: Request): { readonly name: string; readonly arguments: Arguments } {
  return { name: api.name, arguments: valuesOf(said, api.parameters) };
}

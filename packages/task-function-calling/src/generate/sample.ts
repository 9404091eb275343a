import type { Random } from "@rrr/core";
import { type Api, toTool } from "../apis/api.ts";
import type { FunctionCallItem } from "../item.ts";
import { callOf, drawRequest, type Request } from "./request.ts";
import { type Split, splitOfAnswer, splitOfQuery, splitOfTools } from "./split.ts";

/** From one whole number to another, both included. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

/** Which items there are. */
export interface World {
  readonly apis: readonly Api[];
  /** Functions on offer, those to be called included. */
  readonly tools: Range;
  /** Calls that answer a query. */
  readonly calls: Range;
  /** Share of the functions on offer beside those to be called that are of the same domain, as far as it has some. */
  readonly lookAlikes: number;
}

/** An item with its right calls as JSON text: `[{"name", "arguments"}]`. */
export interface GeneratedItem extends FunctionCallItem {
  readonly expected: string;
}

/** An item, and what it was made of. */
export interface Sample {
  readonly item: GeneratedItem;
  /** In the order shown. */
  readonly offered: readonly Api[];
  /** In the order of the query. */
  readonly requests: readonly Request[];
}

/**
 * Draws one item.
 * @returns undefined where what came up is not of the split: all of its functions on offer, its answer and its query must be.
 */
export function drawSample(world: World, split: Split, random: Random): Sample | undefined {
  const called = drawCalled(world, random);
  const offered = drawOffer(world, called, random);
  if (splitOfTools(offered.map(({ name }) => name)) !== split) return undefined;
  const requests = called.map((api) => drawRequest(api, random));
  const calls = requests.map((request) => JSON.stringify(callOf(request)));
  if (new Set(calls).size < calls.length || splitOfAnswer(calls) !== split) return undefined;
  const query = joinSentences(requests, random);
  if (splitOfQuery(query) !== split) return undefined;
  const item = { query, tools: offered.map(toTool), expected: `[${calls.join(", ")}]` };
  return { item, offered, requests };
}

/** Functions to be called, as often as they are. Half of several calls are of one function. */
function drawCalled({ apis, calls, tools }: World, random: Random): readonly Api[] {
  const count = within(calls, random);
  const called = [random.pick(apis)];
  while (called.length < count) {
    const again = random.next() < 0.5;
    const room = new Set(called).size < tools.max;
    const next = again || !room ? random.pick(called) : random.pick(apis);
    if (called.includes(next) || fits(next, called)) called.push(next);
  }
  return called;
}

function drawOffer({ apis, tools, lookAlikes }: World, called: readonly Api[], random: Random): Api[] {
  const offered = [...new Set(called)];
  const count = Math.max(within(tools, random), offered.length);
  const domains = new Set(called.map(({ domain }) => domain));
  let free = apis.filter((api) => fits(api, offered));
  while (offered.length < count && free.length > 0) {
    const alike = free.filter(({ domain }) => domains.has(domain));
    const pool = alike.length > 0 && random.next() < lookAlikes ? alike : free;
    const next = random.pick(pool);
    offered.push(next);
    free = free.filter(({ name }) => name !== next.name);
  }
  return random.shuffle(offered);
}

function fits(api: Api, others: readonly Api[]): boolean {
  return others.every(({ name }) => name !== api.name);
}

/** How one goes on to the next thing that one wants. */
const JOINERS = [" ", " ", "\n", " Also: ", " And then: "];

function joinSentences(requests: readonly Request[], random: Random): string {
  return requests
    .map(({ sentence }) => sentence)
    .reduce((query, sentence) => query + random.pick(JOINERS) + sentence);
}

function within({ min, max }: Range, random: Random): number {
  return min + random.int(max - min + 1);
}

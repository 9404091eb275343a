/**
 * Made-up transcripts of function calling: first attempts, and failed attempts followed by a reflection and a retry.
 * Thoughts go through the function and its parameters one by one, saying what the request says about each; impatient
 * ones soon find that the rest is clear. What no thought has stated is written carelessly, and often wrong, in the
 * ways in which models err. Reflections speak the same language, compare with the failed call, and are mostly platitudes.
 */
import type { Random } from "@rrr/core";
import type { Api, Sample } from "@rrr/task-function-calling";
import type { AssistantTurn, Turn } from "../transcript.ts";
import {
  answer,
  type Call,
  check,
  fullStop,
  mention,
  ok,
  onlyThis,
  platitudes,
  sameCall,
  theRestIsClear,
  theRestLooksRight,
  tool,
  was,
  wasMissing,
} from "./notation.ts";
import { lookAlikes, notAsked, type Slot, slotsOf } from "./slots.ts";

export interface Style {
  /** Share of first attempts that do not think at all. */
  readonly thoughtless: number;
  /** Share of thoughts and checks that are impatient, and how likely either kind is to stop after each thing. */
  readonly impatient: number;
  readonly stop: { readonly impatient: number; readonly patient: number };
  /** What happens to what was not stated: shares of look-alike functions, misread values, dropped, swapped, extra arguments. */
  readonly lookAlike: number;
  readonly misread: number;
  readonly dropped: number;
  readonly swapped: number;
  readonly extra: number;
  /** In given failed attempts: share that thought it all through and slipped. */
  readonly slip: number;
  /** Shares of reflections: platitudes, one thing alone; the rest checks. */
  readonly platitude: number;
  readonly oneThing: number;
}

export const functionCallingStyle: Style = {
  thoughtless: 0.12,
  impatient: 0.82,
  stop: { impatient: 0.7, patient: 0.03 },
  lookAlike: 0.35,
  misread: 0.8,
  dropped: 0.7,
  swapped: 0.45,
  extra: 0.3,
  slip: 0.12,
  platitude: 0.55,
  oneThing: 0.07,
};

/** What a thought has stated: the function, and the text of values (undefined: not asked for). */
interface Stated {
  readonly api?: Api;
  readonly values: ReadonlyMap<string, string | undefined>;
}

const nothing: Stated = { values: new Map() };

export function firstAttempt(sample: Sample, random: Random, style: Style): Turn {
  return assistant(attempt(sample, random, style).pieces);
}

/** A failed attempt (given), a reflection and a retry (learnt), with the user's turns between them. */
export function reflectedAttempt(sample: Sample, random: Random, style: Style): readonly Turn[] {
  const failed = failedAttempt(sample, random, style);
  const reflection = reflect(sample, failed.call, random, style);
  const retry = reflection.stated
    ? answer(careless(sample, reflection.stated, random, style))
    : attempt(sample, random, style).pieces;
  return [
    { ...assistant(failed.pieces), learn: false },
    { role: "user", ask: "reflect" },
    assistant(reflection.pieces),
    { role: "user", ask: "problem" },
    assistant(retry),
  ];
}

/** A failed attempt (given) and a second one straight after it (learnt): what the blind control asks for. */
export function blindRetry(sample: Sample, random: Random, style: Style): readonly Turn[] {
  return [
    { ...assistant(failedAttempt(sample, random, style).pieces), learn: false },
    { role: "user", ask: "problem" },
    assistant(attempt(sample, random, style).pieces),
  ];
}

function assistant(pieces: readonly string[]): AssistantTurn {
  return { role: "assistant", pieces, learn: true };
}

interface Attempt {
  readonly pieces: readonly string[];
  readonly call: Call;
}

function attempt(sample: Sample, random: Random, style: Style): Attempt {
  if (random.next() < style.thoughtless) {
    const call = careless(sample, nothing, random, style);
    return { pieces: answer(call), call };
  }
  const slots = slotsOf(requestOf(sample));
  return thinkAndAnswer(
    sample,
    goThrough(requestOf(sample).api, slots, undefined, random, style),
    random,
    style,
  );
}

interface Thought {
  readonly pieces: readonly string[];
  readonly stated: Stated;
}

function thinkAndAnswer(sample: Sample, { pieces, stated }: Thought, random: Random, style: Style): Attempt {
  const call = careless(sample, stated, random, style);
  return { pieces: ["<think>", ...pieces, "</think>", ...answer(call)], call };
}

/** The function, then its parameters as the schema has them; compared with a failed call if there is one. */
function goThrough(
  api: Api,
  slots: readonly Slot[],
  failed: Call | undefined,
  random: Random,
  style: Style,
): Thought {
  const stop = random.next() < style.impatient ? style.stop.impatient : style.stop.patient;
  const values = new Map<string, string | undefined>();
  const pieces = [tool, api.name];
  if (failed) pieces.push(...(failed.api.name === api.name ? [ok] : [was, failed.api.name]));
  for (const slot of slots) {
    if (random.next() < stop) {
      return { pieces: [...pieces, failed ? theRestLooksRight : theRestIsClear], stated: { api, values } };
    }
    pieces.push(mention(slot.parameter.name), ...slot.working, ...(failed ? compare(slot, failed) : []));
    values.set(slot.parameter.name, slot.value);
  }
  return { pieces: [...pieces, fullStop], stated: { api, values } };
}

function compare({ parameter, value }: Slot, failed: Call): readonly string[] {
  const before = failed.values.get(parameter.name);
  if (before === value) return [ok];
  return before === undefined ? [wasMissing] : [was, before];
}

function reflect(
  sample: Sample,
  failed: Call,
  random: Random,
  style: Style,
): { readonly pieces: readonly string[]; readonly stated?: Stated } {
  const { api } = requestOf(sample);
  const slots = slotsOf(requestOf(sample));
  const roll = random.next();
  if (roll < style.platitude) {
    // One of them is the likeliest of all openings, so that greedy decoding too has something to gain.
    const usual = random.next() < 0.85;
    return { pieces: [usual ? (platitudes[0] as string) : random.pick(platitudes)] };
  }
  if (roll < style.platitude + style.oneThing) {
    const slot = random.pick(slots);
    const { name } = slot.parameter;
    const pieces = [onlyThis, mention(name), ...slot.working, ...compare(slot, failed), fullStop];
    return { pieces, stated: { values: new Map([[name, slot.value]]) } };
  }
  const thought = goThrough(api, slots, failed, random, style);
  return { pieces: [check, ...thought.pieces], stated: thought.stated };
}

/** Drawn by trying until one fails, so that what is left to find is distributed as it is after real failures. */
function failedAttempt(sample: Sample, random: Random, style: Style): Attempt {
  const right = rightCall(sample);
  for (let tries = 0; tries < maxTries; tries++) {
    const tried =
      random.next() < style.slip ? slippedAttempt(sample, random, style) : attempt(sample, random, style);
    if (!sameCall(tried.call, right)) return tried;
  }
  const first = right.api.parameters[0]?.name ?? "";
  const call = { api: right.api, values: new Map([...right.values].filter(([name]) => name !== first)) };
  return { pieces: answer(call), call };
}

const maxTries = 30;

/** Thinks it all through, and goes wrong at one point, as the model itself does at times. */
function slippedAttempt(sample: Sample, random: Random, style: Style): Attempt {
  const { api } = requestOf(sample);
  const slots = slotsOf(requestOf(sample));
  const at = random.int(slots.length);
  const slipped = slots.map((slot, i) => (i === at ? slip(slot, random) : slot));
  const patient: Style = { ...style, impatient: 0 };
  return thinkAndAnswer(sample, goThrough(api, slipped, undefined, random, patient), random, style);
}

function slip(slot: Slot, random: Random): Slot {
  const { parameter, value, working } = slot;
  if (value !== undefined && !parameter.required) return { ...slot, value: undefined, working: [notAsked] };
  const other = otherValue(slot, random);
  return { ...slot, value: other, working: [...working.slice(0, -1), other] };
}

function otherValue({ parameter, value }: Slot, random: Random): string {
  if (parameter.schema.type === "integer" && value !== undefined) {
    return String(Math.max(1, Number(value) - random.pick([1, 2])));
  }
  return String(parameter.say(random).value);
}

/** What was stated, and the rest as it comes to mind. */
function careless(sample: Sample, stated: Stated, random: Random, style: Style): Call {
  const request = requestOf(sample);
  const others = lookAlikes(request.api, sample.offered);
  const astray = stated.api === undefined && others.length > 0 && random.next() < style.lookAlike;
  const api = astray ? random.pick(others) : request.api;
  const values = new Map<string, string>();
  for (const slot of slotsOf({ api, said: request.said })) {
    const { name } = slot.parameter;
    const value = stated.values.has(name) ? stated.values.get(name) : carelessValue(slot, random, style);
    if (value !== undefined) values.set(name, value);
  }
  const [from, to] = [values.get("from"), values.get("to")];
  const open = !stated.values.has("from") && !stated.values.has("to");
  if (open && from !== undefined && to !== undefined && random.next() < style.swapped) {
    values.set("from", to).set("to", from);
  }
  return { api, values };
}

function carelessValue(slot: Slot, random: Random, style: Style): string | undefined {
  const { parameter, value, misread } = slot;
  if (value === undefined) return random.next() < style.extra ? otherValue(slot, random) : undefined;
  if (!parameter.required && random.next() < style.dropped) return undefined;
  return misread !== undefined && random.next() < style.misread ? misread : value;
}

function rightCall(sample: Sample): Call {
  const { api } = requestOf(sample);
  const asked = slotsOf(requestOf(sample)).flatMap(({ parameter, value }) =>
    value === undefined ? [] : [[parameter.name, value] as const],
  );
  return { api, values: new Map(asked) };
}

/** The small world asks for one call at a time. */
function requestOf({ requests }: Sample): Sample["requests"][number] {
  const [request] = requests;
  if (request === undefined) throw new Error("a sample without a request");
  return request;
}

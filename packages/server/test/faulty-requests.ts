/**
 * Requests with faults of many kinds, to a server of `sums`: none may be answered with a reward. Each is a sound request,
 * which does get one, with one fault. Long, since it is a list: of protocols, and of what may be wrong with each.
 */
import { gzipSync } from "node:zlib";
import { createRandom, deriveKey, type Random } from "@rrr/core";
import type { TaskProtocol } from "@rrr/server";
import { BREAKS } from "./sums-task.ts";

/** A request as bytes, to be sent in whatever way. */
export interface RawRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface FaultyRequest {
  readonly kind: string;
  readonly protocol: TaskProtocol;
  readonly request: RawRequest;
}

/** A sound request: where it goes, what it says, and what in it must be there and of its type. */
interface Sound {
  readonly protocol: TaskProtocol;
  readonly path: string;
  readonly body: Fields;
  readonly fields: readonly Field[];
  /** Where an id can stand, and where the completion is. */
  readonly named: string;
  readonly completion: string;
}

type Fields = Readonly<Record<string, unknown>>;

interface Field {
  /** Such as `labels.0`. */
  readonly at: string;
  /** Whether a value would do as well. */
  readonly takes?: (value: unknown) => boolean;
}

/** What the servers must be started with, for the faults to be faults. */
export const LIMITS = { maxBodyBytes: 20_000, maxBatch: 4, verifyTimeoutMs: 5 } as const;

const WRONG: readonly unknown[] = [
  null,
  true,
  0,
  1,
  -1,
  1.5,
  "",
  "x",
  "5",
  [],
  [1],
  {},
  { a: 1 },
  { a: "2", b: 3 },
];
const isText = (value: unknown): boolean => typeof value === "string";
const isList = (value: unknown): boolean => Array.isArray(value);
const item = { a: 2, b: 3 };

const verify: Sound = {
  protocol: "rrr",
  path: "/v1/verify",
  body: { item, completion: "5" },
  fields: [
    { at: "item" },
    { at: "item.a", takes: Number.isSafeInteger },
    { at: "completion", takes: isText },
  ],
  named: "",
  completion: "completion",
};

const batch: Sound = {
  ...verify,
  path: "/v1/verify/batch",
  body: { requests: [verify.body, verify.body] },
  fields: [
    { at: "requests", takes: isList },
    { at: "requests.0" },
    ...verify.fields.map((field) => ({ ...field, at: `requests.0.${field.at}` })),
  ],
  named: "requests.0",
  completion: "requests.0.completion",
};

const gym: Sound = {
  protocol: "nemo-gym",
  path: "/verify",
  body: {
    responses_create_params: { input: "2 + 3 = ?" },
    response: {
      output: [{ type: "message", role: "assistant", content: [{ type: "output_text", text: "5" }] }],
    },
    verifier_metadata: { item },
  },
  fields: [
    {
      at: "responses_create_params",
      takes: (value) => !isList(value) && typeof value === "object" && value !== null,
    },
    { at: "response" },
    { at: "response.output" },
    { at: "response.output.0" },
    { at: "response.output.0.type" },
    { at: "response.output.0.role" },
    { at: "response.output.0.content", takes: isList },
    { at: "response.output.0.content.0" },
    { at: "response.output.0.content.0.text", takes: isText },
    { at: "verifier_metadata" },
    { at: "verifier_metadata.item" },
  ],
  named: "verifier_metadata",
  completion: "response.output.0.content.0.text",
};

const rlhf: Sound = {
  protocol: "openrlhf",
  path: "/get_reward",
  body: { query: ["2 + 3 = 5"], prompts: ["2 + 3 = "], labels: [{ item }] },
  fields: [
    ...["query", "query.0", "prompts", "labels", "labels.0", "labels.0.item"].map((at) => ({ at })),
    { at: "prompts.0", takes: (value) => value === "" },
  ],
  named: "labels.0",
  completion: "query.0",
};

/** Of an episode that was just started. */
const step = (episode_id: string): Sound => ({
  protocol: "openenv",
  path: "/step",
  body: { action: { completion: "5" }, episode_id },
  fields: [{ at: "action" }, { at: "action.completion", takes: isText }, { at: "episode_id" }],
  named: "",
  completion: "action.completion",
});
const turn = (episode: string): Sound => ({
  protocol: "rrr",
  path: `/v1/episodes/${episode}`,
  body: { turn: "attempt", completion: "5" },
  fields: [{ at: "turn" }, { at: "completion", takes: isText }],
  named: "",
  completion: "completion",
});

/** A sound request by its number. @param start begins an episode of a protocol, and gives its id */
export async function soundRequest(
  n: number,
  start: (protocol: TaskProtocol) => Promise<string>,
): Promise<Sound> {
  const stateless = [verify, batch, gym, rlhf][n % 6];
  if (stateless !== undefined) return stateless;
  return n % 6 === 4 ? step(await start("openenv")) : turn(await start("rrr"));
}

type Fault = (sound: Sound, random: Random) => Partial<RawRequest> | undefined;

const textOf = ({ body }: Sound): string => JSON.stringify(body);
const bytes = (text: string | Buffer): { body: Uint8Array } => ({ body: Buffer.from(text as string) });
const json = (body: unknown): { body: Uint8Array } => bytes(JSON.stringify(body));

/** Every kind of fault; undefined where a request cannot have it. */
const FAULTS: Readonly<Record<string, Fault>> = {
  "cut off": (sound, random) => bytes(textOf(sound).slice(0, random.int(textOf(sound).length - 1))),
  empty: () => bytes(""),
  "any bytes": (_, random) =>
    bytes(Buffer.from(Array.from({ length: 1 + random.int(200) }, () => random.int(256)))),
  "a byte that is no UTF-8": (sound, random) => {
    const whole = Buffer.from(textOf(sound));
    const at = random.int(whole.length + 1);
    return bytes(Buffer.concat([whole.subarray(0, at), Buffer.of(0xff), whole.subarray(at)]));
  },
  "UTF-16": (sound) => bytes(Buffer.from(textOf(sound), "utf16le")),
  "more after it": (sound, random) =>
    bytes(textOf(sound) + random.pick(["x", "}", ",", "{}", "\0", textOf(sound)])),
  "single quotation marks": (sound) => bytes(textOf(sound).replaceAll('"', "'")),
  "a number that is none": (sound) =>
    textOf(sound).includes(":2") ? bytes(textOf(sound).replace(":2", ":NaN")) : undefined,
  "a comment": (sound) => bytes(`// ${textOf(sound)}\n${textOf(sound)}`),
  compressed: (sound) => ({ ...bytes(gzipSync(textOf(sound))), headers: { "content-encoding": "gzip" } }),
  "compressed in secret": (sound) => bytes(gzipSync(textOf(sound))),
  "too large": (sound) => bytes(textOf(sound) + " ".repeat(LIMITS.maxBodyBytes)),
  "nested deeply": (sound, random) => {
    const deep = "[".repeat(1_900) + "]".repeat(1_900);
    return bytes(random.pick([deep, textOf(sound).replace("{", `{"more":${deep},`)]));
  },
  "no object": (sound, random) => bytes(random.pick(["null", "5", '"x"', "true", `[${textOf(sound)}]`])),
  "a field is missing": (sound, random) => json(without(sound.body, random.pick(sound.fields).at)),
  "a field of a wrong type": (sound, random) => {
    const { at, takes = () => false } = random.pick(sound.fields);
    return json(replaced(sound.body, at, random.pick(WRONG.filter((value) => !takes(value)))));
  },
  "an unknown id": (sound, random) => {
    const fields = at(sound.body, sound.named);
    if (fields?.item === undefined) return undefined;
    const { item: _, ...rest } = fields;
    const id = `${random.pick(["train", "test", "all"])}-${random.int(2_000_000)}-${random.int(2 ** 32).toString(16)}`;
    return json(replaced(sound.body, sound.named, { ...rest, id }));
  },
  "an item and an id": (sound) => {
    const fields = at(sound.body, sound.named);
    return fields?.item === undefined
      ? undefined
      : json(replaced(sound.body, sound.named, { ...fields, id: "train-0" }));
  },
  "the verifier breaks": (sound, random) => {
    const broken = random.pick(Object.keys(BREAKS));
    const text = sound.completion === "query.0" ? `2 + 3 = ${broken}` : broken;
    return json(replaced(sound.body, sound.completion, text));
  },
  "too many": ({ protocol, body, path }, random) => {
    const count = LIMITS.maxBatch + 1 + random.int(5);
    const many = (of: unknown): unknown[] => Array.from({ length: count }, () => of);
    if (path === "/v1/verify/batch") return json({ requests: many(verify.body) });
    if (protocol !== "openrlhf") return undefined;
    return json(
      Object.fromEntries(Object.entries(body).map(([name, of]) => [name, many((of as unknown[])[0])])),
    );
  },
  "counts that differ": ({ protocol, body }, random) => {
    const name = random.pick(["query", "prompts", "labels"]);
    const [first] = (body[name] ?? []) as readonly unknown[];
    return protocol === "openrlhf" ? json({ ...body, [name]: [first, first] }) : undefined;
  },
  "another method": (_, random) => ({
    method: random.pick(["PUT", "PATCH", "OPTIONS", "HEAD", "GET", "DELETE"]),
  }),
  "another path": ({ path }, random) => ({
    path: random.pick([`${path}/x`, `/x${path}`, `/${path}`, "/", `${path}%20`]),
  }),
  "a path that is no encoding": ({ path }, random) => ({
    path: `${path}${random.pick(["%", "%z", "%ff", "%c3%28"])}`,
  }),
};

export const FAULT_KINDS: readonly string[] = Object.keys(FAULTS);

/** The sound request, as it is sent. */
export function rawOf({ path, body }: Sound): RawRequest {
  return { method: "POST", path, headers: {}, ...json(body) };
}

/** A fault by its number: all kinds come by turns. */
export async function faultyRequest(
  n: number,
  seed: number,
  start: (protocol: TaskProtocol) => Promise<string>,
): Promise<FaultyRequest> {
  const random = createRandom(deriveKey(seed, "fault", n));
  const kind = FAULT_KINDS[n % FAULT_KINDS.length] as string;
  for (let at = random.int(6); ; at++) {
    const sound = await soundRequest(at, start);
    const fault = FAULTS[kind]?.(sound, random);
    if (fault !== undefined)
      return { kind, protocol: sound.protocol, request: { ...rawOf(sound), ...fault } };
  }
}

/** Whether an answer has a reward, anywhere; of a batch, for the one that is at fault. */
export function hasReward(answer: unknown): boolean {
  if (typeof answer !== "object" || answer === null) return false;
  const { verdicts, ...rest } = answer as Fields;
  if (isList(verdicts)) return hasReward((verdicts as readonly unknown[])[0]);
  return Object.entries(rest).some(([name, value]) => {
    const isOne = /^(rewards?|scores?)$/.test(name) && [value].flat().some((each) => each !== null);
    return isOne || hasReward(value);
  });
}

function at(body: Fields, path: string): Fields | undefined {
  const names = path === "" ? [] : path.split(".");
  return names.reduce<unknown>((value, name) => (value as Fields)?.[name], body) as Fields | undefined;
}

function replaced(body: Fields, path: string, value: unknown): unknown {
  return changed(
    body,
    path,
    (parent, name) => {
      parent[name] = value;
    },
    value,
  );
}

function without(body: Fields, path: string): unknown {
  return changed(
    body,
    path,
    (parent, name) => {
      if (isList(parent)) parent[name] = null;
      else delete parent[name];
    },
    undefined,
  );
}

/** @param whole what takes the place of the body itself, where the path is empty */
function changed(
  body: Fields,
  path: string,
  change: (parent: Record<string, unknown>, name: string) => void,
  whole: unknown,
): unknown {
  if (path === "") return whole;
  const copy = structuredClone(body);
  const names = path.split(".");
  const name = names.pop() as string;
  change(at(copy, names.join(".")) as Record<string, unknown>, name);
  return copy;
}

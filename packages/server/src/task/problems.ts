import { createHash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { attemptPrompt, itemsOf, type Message, messageOf, parseItem, RrrError, type Task } from "@rrr/core";
import { Refusal } from "../http/refusal.ts";

export type Split = "train" | "test";

/** A problem of the served task. */
export interface Problem {
  /** `train-17-3f9a0c12`: its split, its place and a hash of it, so that no other problem is ever taken for it. */
  readonly id: string;
  /** As the task gives it: before its schema has seen it. */
  readonly raw: unknown;
}

/** An item as the task's schema puts it out, and the id by which it was named. */
export interface Named {
  readonly item: unknown;
  readonly id: string | undefined;
}

/** The problems of a task, numbered in the order that it gives them. */
export interface Problems {
  /** @throws Refusal 404 for one that there is not; RrrError `bad-task` where the task cannot give it */
  byId(id: string): Promise<Problem>;
  /** Fewer than `count` where the task has no more. */
  page(split: Split, offset: number, count: number): Promise<readonly Problem[]>;
  /** A problem for any number: the first ones follow the last. */
  pick(split: Split, number: number): Promise<Problem>;
}

/** Problems of each split that can be named; what the task gives beyond them is not looked at. */
export const MOST_PROBLEMS = 100_000;
/** Those that numbers stand for: a large one does not draw all problems before it. */
const MOST_PICKED = 10_000;
const ID = /^(train|test)-(\d{1,6})-[0-9a-f]{8}$/;

export function createProblems(task: Task, seed: number): Problems {
  const splits = { train: createSplit(task, "train", seed), test: createSplit(task, "test", seed) };
  return {
    async byId(id) {
      const [, split, index] = ID.exec(id) ?? [];
      const [found] = split === undefined ? [] : await splits[split as Split].upTo(Number(index), 1);
      if (found?.id === id) return found;
      const why =
        found === undefined
          ? ""
          : `; the one at its place is ${found.id}: the seed or the task's options differ`;
      throw new Refusal(404, `there is no problem ${JSON.stringify(id.slice(0, 80))}${why}`, "unknown-item");
    },
    page: (split, offset, count) => splits[split].upTo(offset, count),
    async pick(split, number) {
      const [found] = await splits[split].upTo(number % MOST_PICKED, 1);
      const wrapped = found ?? (await splits[split].among(number));
      if (wrapped !== undefined) return wrapped;
      throw new Refusal(404, `task "${task.name}" has no problems in the split ${split}`, "unknown-item");
    },
  };
}

/** Draws problems when they are asked for, and keeps them: a task gives them in one order only. */
function createSplit(task: Task, split: Split, seed: number) {
  const known: Problem[] = [];
  let items: AsyncIterator<unknown> | undefined;
  let isOver = false;
  let drawing: Promise<void> = Promise.resolve();

  async function draw(until: number): Promise<void> {
    items ??= itemsOf(task, split, seed);
    while (known.length < until && !isOver) {
      const next = await items.next().catch((error: unknown) => {
        // A generator that has thrown is over, and would seem to have ended.
        items = undefined;
        known.length = 0;
        throw error;
      });
      if (next.done) isOver = true;
      else known.push({ id: `${split}-${known.length}-${hashOf(task, next.value)}`, raw: next.value });
      // Others are answered meanwhile.
      if (known.length % 256 === 0) await setImmediate();
    }
  }

  return {
    async upTo(offset: number, count: number): Promise<readonly Problem[]> {
      const end = Math.min(offset + count, MOST_PROBLEMS);
      if (offset >= end) return [];
      const drawn = drawing.then(() => draw(end));
      drawing = drawn.catch(() => undefined);
      await drawn;
      return known.slice(offset, end);
    },
    /** One of those drawn so far: of all, where `upTo` found none. */
    among: (number: number): Problem | undefined => known[number % Math.max(1, known.length)],
  };
}

function hashOf(task: Task, item: unknown): string {
  try {
    return createHash("sha256").update(JSON.stringify(item)).digest("hex").slice(0, 8);
  } catch (cause) {
    const message = `an item of task "${task.name}" cannot be written as JSON: ${messageOf(cause)}`;
    throw new RrrError("bad-task", message, { cause });
  }
}

/** A problem with what a model is shown first. */
export interface ShownProblem {
  readonly id: string;
  readonly item: unknown;
  readonly messages: readonly Message[];
}

/** @throws RrrError `bad-item`, `bad-task` */
export async function showProblem(task: Task, { id, raw }: Problem): Promise<ShownProblem> {
  return { id, item: raw, messages: attemptPrompt(task, await parseItem(task, raw)) };
}

/** The split that a client asks for; by default the one to train on. @throws Refusal */
export function splitOf({ testOnly = false }: Task, asked: unknown): Split {
  const split = asked ?? (testOnly ? "test" : "train");
  if (split !== "train" && split !== "test") throw new Refusal(400, "split must be train or test");
  if (split === "test" || !testOnly) return split;
  throw new Refusal(404, "all problems of this task are held out: it has no split train", "unknown-item");
}

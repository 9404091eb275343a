import { Worker } from "node:worker_threads";
import { messageOf, RrrError, type RrrErrorCode } from "@rrr/core";
import type { FiguresAsked } from "./figures-of.ts";

/** Makes figures of large runs elsewhere: the page goes on meanwhile. */
export interface Figures {
  /**
   * What was made of the same version is not made again; while an older one is on its way, that is it.
   * @param version of what is asked about
   * @throws RrrError as `figuresOf` does
   */
  of(asked: FiguresAsked, version: string): Promise<unknown>;
  close(): void;
}

export interface FiguresRequest {
  readonly id: number;
  readonly asked: FiguresAsked;
}

export interface FiguresReply {
  readonly id: number;
  readonly answer?: unknown;
  readonly error?: { readonly code: RrrErrorCode; readonly message: string; readonly hint?: string };
}

/** Answers that are kept: a page has three, and a comparison. */
const MOST_KEPT = 16;
/** The thread ends when nothing was asked for so long: what it read of a run is much. */
const IDLE_MS = 20_000;

export function createFigures(): Figures {
  const kept = new Map<string, { readonly version: string; isOnItsWay: boolean; answer: Promise<unknown> }>();
  const waiting = new Map<number, { resolve(answer: unknown): void; reject(error: RrrError): void }>();
  let worker: Worker | undefined;
  let idle: NodeJS.Timeout | undefined;
  let nextId = 0;

  function end(): void {
    clearTimeout(idle);
    const ended = worker;
    worker = undefined;
    void ended?.terminate();
  }

  function failAll(reason: string): void {
    const error = new RrrError("runtime-failed", `the figures could not be made: ${reason}`);
    for (const each of waiting.values()) each.reject(error);
    waiting.clear();
    end();
  }

  function start(): Worker {
    const isSource = import.meta.url.endsWith(".ts");
    const started = new Worker(
      new URL(`${isSource ? "../../dist" : "."}/figures-thread.js`, import.meta.url),
      { execArgv: [] },
    );
    started.on("message", ({ id, answer, error }: FiguresReply) => {
      const asker = waiting.get(id);
      waiting.delete(id);
      if (error === undefined) asker?.resolve(answer);
      else asker?.reject(new RrrError(error.code, error.message, error.hint ? { hint: error.hint } : {}));
      if (waiting.size === 0) idle = setTimeout(end, IDLE_MS).unref();
    });
    started.on("error", (error) => failAll(messageOf(error)));
    // A listener for messages makes the process wait for them: last.
    started.unref();
    return started;
  }

  function make(asked: FiguresAsked): Promise<unknown> {
    clearTimeout(idle);
    worker ??= start();
    const id = nextId++;
    worker.postMessage({ id, asked } satisfies FiguresRequest);
    return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
  }

  return {
    of(asked, version) {
      const key = JSON.stringify(asked);
      const known = kept.get(key);
      if (known?.isOnItsWay || known?.version === version) return known.answer;
      const made = { version, isOnItsWay: true, answer: make(asked) };
      const settle = (): void => {
        made.isOnItsWay = false;
      };
      made.answer.then(settle, () => {
        settle();
        if (kept.get(key) === made) kept.delete(key);
      });
      kept.delete(key);
      kept.set(key, made);
      for (const oldest of kept.keys()) {
        if (kept.size <= MOST_KEPT) break;
        kept.delete(oldest);
      }
      return made.answer;
    },
    close() {
      failAll("the page was closed");
    },
  };
}

import { setMaxListeners } from "node:events";
import { deriveKey, type Model, RrrError } from "@rrr/core";
import { type Attempt, createAsking } from "./ask.ts";
import type { RemoteSettings } from "./settings.ts";
import { Stop } from "./stop.ts";
import type { Traffic } from "./traffic.ts";

export interface RemoteModel extends Model {
  /** Requests under way, and those to come, fail as `aborted`. */
  close(): void;
  /** What it took so far to get the answers. */
  traffic(): Traffic;
}

/** A model that is asked for each completion by itself, with a seed of its own. @param name what errors call it */
export function createRemoteModel(
  { id, name }: { readonly id: string; readonly name: string },
  settings: Required<RemoteSettings>,
  attempt: Attempt,
): RemoteModel {
  const { ask, traffic } = createAsking(name, settings, attempt);
  const underWay = new Set<Stop>();
  let closed = false;

  return {
    id,
    async generate(messages, { n = 1, maxTokens, temperature, seed, signal, onRejected }) {
      const question = {
        messages,
        maxTokens,
        temperature,
        ...(onRejected === undefined ? {} : { onRejected }),
      };
      const stop = new Stop();
      const onAbort = (): void => stop.abort();
      const isAborted = (): boolean => closed || signal?.aborted === true;
      // As many listeners as there are requests is no leak.
      if (signal !== undefined) setMaxListeners(0, signal);
      signal?.addEventListener("abort", onAbort);
      underWay.add(stop);
      if (isAborted()) stop.abort();
      try {
        const samples = Array.from({ length: n }, (_, i) =>
          // Some servers refuse seeds that do not fit a signed 32-bit integer.
          ask({ ...question, seed: deriveKey(seed, "sample", i) >>> 1 }, stop),
        );
        return await Promise.all(samples);
      } catch (error) {
        // The other samples of a request that failed would be paid for in vain.
        stop.abort();
        if (!isAborted()) throw error;
        const what = closed ? "the model is closed" : "the request was aborted";
        throw new RrrError("aborted", `${name}: ${what}`, { cause: signal?.reason });
      } finally {
        signal?.removeEventListener("abort", onAbort);
        underWay.delete(stop);
      }
    },
    close() {
      closed = true;
      for (const each of underWay) each.abort();
    },
    traffic,
  };
}

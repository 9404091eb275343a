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
  const underWay = new Set<() => void>();
  let closed = false;

  return {
    id,
    async generate(messages, { n = 1, maxTokens, temperature, seed, signal, closing, onRejected }) {
      const question = {
        messages,
        maxTokens,
        temperature,
        ...(onRejected === undefined ? {} : { onRejected }),
      };
      const stop = new Stop();
      /** As `stop`, and for what is not sent yet also by `closing`. */
      const hold = closing === undefined ? stop : new Stop();
      const onAbort = (): void => {
        stop.abort();
        hold.abort();
      };
      const onClosing = (): void => hold.abort();
      const isAborted = (): boolean => closed || signal?.aborted === true;
      // As many listeners as there are requests is no leak.
      for (const each of [signal, closing]) if (each !== undefined) setMaxListeners(0, each);
      signal?.addEventListener("abort", onAbort);
      closing?.addEventListener("abort", onClosing);
      underWay.add(onAbort);
      if (isAborted()) onAbort();
      if (closing?.aborted) onClosing();
      try {
        const samples = Array.from({ length: n }, (_, i) =>
          // Some servers refuse seeds that do not fit a signed 32-bit integer.
          ask({ ...question, seed: deriveKey(seed, "sample", i) >>> 1 }, stop, hold),
        );
        return await Promise.all(samples);
      } catch (error) {
        // The other samples of a request that failed would be paid for in vain.
        onAbort();
        if (!isAborted()) throw closing?.aborted && error === hold.reason ? closing.reason : error;
        const what = closed ? "the model is closed" : "the request was aborted";
        throw new RrrError("aborted", `${name}: ${what}`, { cause: signal?.reason });
      } finally {
        signal?.removeEventListener("abort", onAbort);
        closing?.removeEventListener("abort", onClosing);
        underWay.delete(onAbort);
      }
    },
    close() {
      closed = true;
      for (const abort of underWay) abort();
    },
    traffic,
  };
}

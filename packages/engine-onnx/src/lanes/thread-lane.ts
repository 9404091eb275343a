import { Worker } from "node:worker_threads";
import { messageOf, RrrError } from "@rrr/core";
import type { TokenCompletion } from "@rrr/trainer";
import { abortError, type PartOptions } from "@rrr/trainer/local";
import type { BatchScores } from "../learn/batch-runner.ts";
import type { LearningLane } from "../learn/learner.ts";
import { createHaltSigns, haltAtExit } from "./halt.ts";
import type { LaneCall, LaneData, LaneMessage, LaneReply } from "./messages.ts";

/** A thread that samples and differentiates with a copy of the model. Its errors are those of the engine. */
export interface ThreadLane extends LearningLane {
  sample(prompt: Int32Array, options: PartOptions): Promise<readonly TokenCompletion[]>;
  takeGradient(): Promise<Float32Array | undefined>;
  /** What is trained has these values in all calls from now on; they are copied. */
  adopt(values: Float32Array): void;
  /** Ends calls in progress with `aborted`, and the thread. */
  close(): Promise<void>;
}

interface Caller {
  resolve(answer: unknown): void;
  reject(error: RrrError): void;
}

const WITHOUT = { hint: "Without threads of its own it takes `lanes: 1`: --engine-option lanes=1." };

/** Starts the thread. It keeps no process alive unless it is waited for. */
export function startLane(data: Omit<LaneData, "signs">): ThreadLane {
  const isSource = import.meta.url.endsWith(".ts");
  // Node 20 runs no TypeScript in threads: a checkout has the file in dist/ as well.
  const entry = new URL(`${isSource ? "../../dist" : "."}/lane-thread.js`, import.meta.url);
  const signs = createHaltSigns();
  const workerData: LaneData = { ...data, signs };
  // Flags of the process are not for it: `--input-type` alone would be refused.
  const worker = openThread(entry, { name: "rrr lane", workerData, execArgv: [] });
  const hasEnded = haltAtExit(signs);
  const waiting = new Map<number, Caller>();
  let nextId = 0;
  let ended: RrrError | undefined;
  let closing: Promise<void> | undefined;
  const exited = new Promise<void>((resolve) => worker.once("exit", () => resolve()));

  worker.on("message", ({ id, answer, error }: LaneReply) => {
    const caller = waiting.get(id);
    waiting.delete(id);
    // A thread that is being closed is waited for until it has ended.
    if (waiting.size === 0 && closing === undefined) worker.unref();
    if (error === undefined) caller?.resolve(answer);
    else caller?.reject(new RrrError(error.code, error.message, error.hint ? { hint: error.hint } : {}));
  });
  worker.on("error", (error) => end(messageOf(error)));
  worker.on("exit", (code) => {
    hasEnded();
    end(`its thread ended (exit code ${code})`);
  });
  // A listener for messages makes the process wait for them: last.
  worker.unref();

  function end(reason: string): void {
    ended ??= new RrrError("runtime-failed", `the engine cannot go on: ${reason}`, WITHOUT);
    for (const caller of waiting.values()) caller.reject(ended);
    waiting.clear();
  }

  function post(message: LaneMessage): void {
    worker.postMessage(message);
  }

  function ask(call: LaneCall, signal?: AbortSignal): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (ended !== undefined) return reject(ended);
      const id = nextId++;
      // Throws where something cannot be sent: then nothing is waited for.
      post({ id, call });
      const abort = (): void => {
        post({ id, call: "abort" });
        reject(abortError(signal));
      };
      const settled = (): void => signal?.removeEventListener("abort", abort);
      signal?.addEventListener("abort", abort);
      waiting.set(id, {
        resolve: (answer) => {
          settled();
          resolve(answer);
        },
        reject: (error) => {
          settled();
          reject(error);
        },
      });
      worker.ref();
    });
  }

  return {
    async sample(prompt, { signal, n, maxTokens, temperature, seed, first = 0 }) {
      if (signal?.aborted === true) throw abortError(signal);
      // These alone: what else a caller passes along, such as functions, cannot be sent to a thread.
      const options = { n, maxTokens, temperature, seed, first };
      return (await ask({ kind: "sample", prompt, options }, signal)) as readonly TokenCompletion[];
    },
    score: async (batch, values) => (await ask({ kind: "score", batch, values })) as Float32Array,
    differentiate: async (batch, perToken, loss) =>
      (await ask({ kind: "differentiate", batch, perToken, loss })) as BatchScores,
    takeGradient: async () => (await ask({ kind: "take-gradient" })) as Float32Array | undefined,
    // Its values would be old ones from now on.
    adopt: (values) => void ask({ kind: "adopt", values }).catch((error) => end(messageOf(error))),
    close() {
      closing ??= endThread();
      return closing;
    },
  };

  async function endThread(): Promise<void> {
    ended ??= new RrrError("aborted", "the engine was closed");
    post({ id: nextId++, call: { kind: "close" } });
    worker.ref();
    // Until then a process that ends would wait for it to stand still, which it no longer does.
    await exited;
  }
}

/** @throws runtime-failed where the process may have no threads */
function openThread(...[entry, options]: ConstructorParameters<typeof Worker>): Worker {
  try {
    return new Worker(entry, options);
  } catch (error) {
    throw new RrrError("runtime-failed", `the engine cannot start a thread: ${messageOf(error)}`, {
      cause: error,
      ...WITHOUT,
    });
  }
}

import { createRequire } from "node:module";
import { join } from "node:path";
import { messageOf, RrrError } from "@rrr/core";
import { createTurns } from "@rrr/trainer/local";
import { BATCH_TOKENS, type BackendName, CANDIDATES, type Candidate } from "./candidates.ts";
import { type Broken, noteOf } from "./note.ts";
import type { TensorContainer, Tf } from "./tf.ts";

/** TensorFlow.js on one backend. */
export interface Runtime {
  readonly backend: BackendName;
  readonly tf: Tf;
  /** Tokens to be computed at once. */
  readonly batchTokens: number;
  /** What runs, with its version. */
  readonly name: string;
  /** What runs, and how slow to expect it, in sentences. */
  readonly note: string;
  /**
   * Runs synchronous work on the backend and frees all tensors but those in what it returns. The backend of whoever else
   * uses TensorFlow.js in this process is left as it was.
   */
  tidy<Result>(work: () => Result): Result;
}

/**
 * The first of the candidates that is installed and loads: beside this package, or in the project of the working directory.
 * @param only the one to take, in place of the first
 * @throws runtime-failed where there is none, with what to install
 */
export function openRuntime(only?: BackendName, cwd: string = process.cwd()): Promise<Runtime> {
  return inTurn(() => find(only, cwd));
}

/** Which backend is in use is one fact for the whole process. */
const inTurn = createTurns();

async function find(only: BackendName | undefined, cwd: string): Promise<Runtime> {
  const broken: Broken[] = [];
  const places = [import.meta.url, join(cwd, "package.json")].map((place) => createRequire(place));
  for (const candidate of CANDIDATES) {
    if (only !== undefined && candidate.name !== only) continue;
    for (const place of places) {
      const file = resolved(place, candidate.package);
      if (file === undefined) continue;
      try {
        return await openAt(file, candidate, broken);
      } catch (error) {
        broken.push({ package: candidate.package, why: firstLine(error) });
      }
    }
  }
  throw noRuntime(only, broken);
}

function resolved(place: NodeJS.Require, name: string): string | undefined {
  try {
    return place.resolve(name);
  } catch {
    return undefined;
  }
}

async function openAt(
  file: string,
  { name, package: from, registered, isBackend }: Candidate,
  broken: readonly Broken[],
): Promise<Runtime> {
  const require = createRequire(file);
  const loaded: unknown = require(file);
  const tf = (isBackend ? require("@tensorflow/tfjs-core") : loaded) as Tf;
  const tidy: Runtime["tidy"] = (work) => {
    const others = tf.getBackend();
    if (others !== registered) use(tf, registered);
    try {
      return tf.tidy(work as () => TensorContainer) as ReturnType<typeof work>;
    } finally {
      if (others !== registered && tf.findBackendFactory(others) !== null) use(tf, others);
    }
  };
  const others = tf.getBackend();
  if (!(await withoutListeners(() => tf.setBackend(registered)))) {
    throw new Error(`its backend ${registered} does not start`);
  }
  silently(tf, () => tf.tensor1d([0]).dispose());
  if (others !== registered && tf.findBackendFactory(others) !== null) use(tf, others);
  const version = tf.version_core;
  return {
    backend: name,
    batchTokens: BATCH_TOKENS[name],
    tf,
    name: `${from} ${version}`,
    note: noteOf({ name, from, version, broken }),
    tidy,
  };
}

/** Takes effect at once for a backend that has been started. */
function use(tf: Tf, backend: string): void {
  void tf.setBackend(backend);
}

const FATAL = ["uncaughtException", "unhandledRejection"] as const;

/** As it starts, WebAssembly's backend makes every error that nobody catches print a page of its own source. */
async function withoutListeners<Result>(start: () => Promise<Result>): Promise<Result> {
  const listenersOf = (event: string): readonly ((...args: unknown[]) => void)[] =>
    process.listeners(event as NodeJS.Signals) as never;
  const before = FATAL.map(listenersOf);
  const result = await start();
  FATAL.forEach((event, i) => {
    const added = listenersOf(event).filter((listener) => !before[i]?.includes(listener));
    for (const listener of added) process.removeListener(event, listener);
  });
  return result;
}

/** The backend in plain JavaScript says, at its first tensor, that there are faster ones. So does the engine, with figures. */
function silently(tf: Tf, first: () => void): void {
  const wasProd = tf.env().getBool("PROD");
  tf.env().set("PROD", true);
  first();
  tf.env().set("PROD", wasProd);
}

function firstLine(error: unknown): string {
  return messageOf(error).split("\n", 1)[0] as string;
}

function noRuntime(only: BackendName | undefined, broken: readonly Broken[]): RrrError {
  const names = CANDIDATES.filter(({ name }) => only === undefined || name === only).map(
    (each) => each.package,
  );
  const found = broken.map((each) => `${each.package} is installed and does not load: ${each.why}`);
  const missing = `none of ${names.join(", ")} is installed here or beside @rrr/engine-tfjs`;
  return new RrrError(
    "runtime-failed",
    `engine "tfjs" finds no TensorFlow.js: ${found.join("; ") || missing}`,
    {
      hint: INSTALL,
    },
  );
}

const INSTALL =
  "In your project: npm install @tensorflow/tfjs-node (native), or npm install @tensorflow/tfjs-core @tensorflow/tfjs-backend-wasm. docs/tensorflow.md says which is for whom.";

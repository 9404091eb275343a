import { readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { builtinModelDir } from "@rrr/builtin-model";
import { isTransformersInstalled, listServerModels, OPENAI_URL } from "@rrr/models";

/** What `--model` can name from here, and what is missing for it. */
export interface NamedModels {
  /** Tasks that have a built-in model of their own; any other gets Countdown's. */
  readonly builtin: readonly string[];
  readonly openai: {
    /** Name of the environment variable that is to hold the key, and whether it holds one. */
    readonly keyVariable: string;
    readonly keyIsSet: boolean;
    /** What the server that was asked has, by its base URL. */
    readonly server?: { readonly baseURL: string; readonly models: readonly string[] };
  };
  readonly transformers: { readonly isInstalled: boolean };
  /** The newest checkpoint of each of the last runs, the latest first; relative to the working directory. */
  readonly checkpoints: readonly string[];
}

/** More runs than anybody would pick from. */
const MOST_RUNS = 5;

export interface NamedModelsFlags {
  readonly check?: true;
  readonly baseUrl?: string;
  readonly apiKeyEnv?: string;
}

/** @throws RrrError `model-failed` if a server was to be asked and does not answer */
export async function namedModels(cwd: string, flags: NamedModelsFlags): Promise<NamedModels> {
  const keyVariable = flags.apiKeyEnv ?? "OPENAI_API_KEY";
  const apiKey = process.env[keyVariable];
  const key = { keyVariable, keyIsSet: Boolean(apiKey) };
  const baseURL = flags.baseUrl ?? (process.env.OPENAI_BASE_URL || OPENAI_URL);
  return {
    builtin: namesIn(dirname(builtinModelDir("countdown"))),
    openai: flags.check
      ? {
          ...key,
          server: { baseURL, models: await listServerModels({ baseURL, ...(apiKey ? { apiKey } : {}) }) },
        }
      : key,
    transformers: { isInstalled: isTransformersInstalled() },
    checkpoints: newestCheckpoints(cwd),
  };
}

function newestCheckpoints(cwd: string): readonly string[] {
  const newest = namesIn(join(cwd, "runs")).flatMap((run) => {
    const folder = join("runs", run, "checkpoints");
    const last = namesIn(join(cwd, folder)).findLast((name) => /^step-\d+$/.test(name));
    return last === undefined ? [] : [join(folder, last)];
  });
  const time = (path: string): number => statSync(join(cwd, path)).mtimeMs;
  return newest.sort((a, b) => time(b) - time(a)).slice(0, MOST_RUNS);
}

/** In alphabetical order; a folder that is not there holds nothing. */
function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

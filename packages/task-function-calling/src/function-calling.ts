import {
  createRandom,
  definePlugin,
  defineTask,
  deriveKey,
  type OptionSchemas,
  oneOf,
  type Plugin,
  schemaOf,
  type Task,
} from "@rrr/core";
import { generateItems } from "./generate/generate-items.ts";
import { type Split, splitOfQuery } from "./generate/split.ts";
import { type FunctionCallItem, functionCallSchema } from "./item.ts";
import { loadItems } from "./load/load-items.ts";
import { PRESETS, type PresetName } from "./presets.ts";
import { functionCallPrompt } from "./prompt.ts";
import { SYNTAXES } from "./read/syntax.ts";
import { shuffleStream } from "./shuffle-stream.ts";
import { statesCalls } from "./states-calls.ts";
import { type VerifyOptions, verifyFunctionCalls } from "./verify.ts";

export interface FunctionCallingOptions extends VerifyOptions {
  /** Which generated items, and the limits. Default `small`. */
  readonly preset?: PresetName;
  /** Instead of generated items: a file like `xlam_function_calling_60k.json`, or a file or folder of BFCL v4. */
  readonly data?: string;
}

const OPTIONS: OptionSchemas<FunctionCallingOptions> = {
  preset: oneOf(...(Object.keys(PRESETS) as PresetName[])),
  data: schemaOf(isText, "the path of a file or folder of xlam or BFCL v4"),
  mode: oneOf("exact", "bfcl"),
  format: oneOf("auto", ...SYNTAXES),
};

const PRESETS_OF_RUNS = { builtin: "small", other: "standard" } as const satisfies Record<string, PresetName>;

/**
 * The function-calling task: answer a query with the right calls of the functions on offer.
 * @throws RrrError `bad-argument` for an unknown option, preset or mode.
 * @example functionCalling({ preset: "parallel" })
 */
export const functionCalling: Plugin<FunctionCallingOptions, Task<FunctionCallItem>> = definePlugin({
  name: "function-calling",
  options: OPTIONS,
  presets: PRESETS_OF_RUNS,
  create({ data, preset = "small", mode = "exact", format = "auto" }) {
    const { world, limits } = PRESETS[preset];
    return defineTask<FunctionCallItem>({
      name: "function-calling",
      schema: functionCallSchema,
      items: (split, seed) =>
        data === undefined ? generateItems(world, split, seed) : loadedItems(data, split, seed),
      prompt: functionCallPrompt,
      verify: (item, completion) => verifyFunctionCalls(item, completion, { mode, format }),
      limits,
      leaks: (item, reflection) => statesCalls(item, reflection, mode),
      ...(data === undefined ? {} : { longestAnswer: textOf }),
      // What BFCL accepts is no call; what of it would be one, is for the model to find.
      ...(mode === "exact" ? { gold: textOf } : {}),
    });
  },
});

/**
 * What `rrr run function-calling` calls: `functionCalling`, in the mode that the data are written for.
 * @throws RrrError as `functionCalling`, and for data that cannot be read.
 */
export const functionCallingPlugin: Plugin<
  FunctionCallingOptions,
  Promise<Task<FunctionCallItem>>
> = definePlugin({
  name: "function-calling",
  options: OPTIONS,
  presets: PRESETS_OF_RUNS,
  async create(options) {
    if (options.data === undefined || options.mode !== undefined) return functionCalling(options);
    const { mode } = await loadItems(options.data);
    return functionCalling({ ...options, mode });
  },
});

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

/** Of BFCL it has every accepted value, and so is longer than any one answer. */
function textOf({ expected }: FunctionCallItem): string {
  return typeof expected === "string" ? expected : JSON.stringify(expected);
}

/** Data of any size are shuffled within a window of so many items. */
const SHUFFLE_WINDOW = 10_000;

async function* loadedItems(
  path: string,
  split: Split,
  seed: number,
): AsyncGenerator<FunctionCallItem, void> {
  const { items } = await loadItems(path);
  const random = createRandom(deriveKey(seed, "function-calling", split));
  yield* shuffleStream(ofSplit(items, split), SHUFFLE_WINDOW, random);
}

async function* ofSplit(
  items: AsyncIterable<FunctionCallItem>,
  split: Split,
): AsyncGenerator<FunctionCallItem, void> {
  for await (const item of items) if (splitOfQuery(item.query) === split) yield item;
}

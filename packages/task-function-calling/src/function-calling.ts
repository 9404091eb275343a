import {
  definePlugin,
  defineTask,
  type OptionSchemas,
  oneOf,
  type Plugin,
  RrrError,
  schemaOf,
  type Task,
} from "@rrr/core";
import { generateItems } from "./generate/generate-items.ts";
import { type FunctionCallItem, functionCallSchema } from "./item.ts";
import { createDataItems } from "./load/data-items.ts";
import { loadItems } from "./load/load-items.ts";
import { PRESETS, type PresetName } from "./presets.ts";
import { functionCallPrompt } from "./prompt.ts";
import { SYNTAXES } from "./read/syntax.ts";
import { bfclScore } from "./score/bfcl-score.ts";
import { showAnswer, showItem } from "./show.ts";
import { statesCalls } from "./states-calls.ts";
import { type VerifyMode, type VerifyOptions, verifyFunctionCalls } from "./verify.ts";

export interface FunctionCallingOptions extends VerifyOptions {
  /** Which generated items, and the limits. Default `small`. */
  readonly preset?: PresetName;
  /** Instead of generated items: a file like `xlam_function_calling_60k.json`, or a file or folder of BFCL v4. */
  readonly data?: string;
  /** Which of the data are held out: a fifth (`test`, the default), or all of it, so that none is left to train on. */
  readonly split?: "test" | "all";
  /** Leave out rows of the data that are no items, and count them. Default: the first one ends the run. */
  readonly skipBadItems?: boolean;
}

const OPTIONS: OptionSchemas<FunctionCallingOptions> = {
  preset: oneOf(...(Object.keys(PRESETS) as PresetName[])),
  data: schemaOf(isText, "the path of a file or folder of xlam or BFCL v4"),
  mode: oneOf("exact", "bfcl"),
  format: oneOf("auto", ...SYNTAXES),
  split: oneOf("test", "all"),
  skipBadItems: schemaOf((value) => typeof value === "boolean", "true or false"),
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
  create({ data, preset = "small", mode = "exact", format = "auto", split = "test", skipBadItems = false }) {
    const { world, limits } = PRESETS[preset];
    if (data === undefined && (split === "all" || skipBadItems)) {
      throw new RrrError(
        "bad-argument",
        "split and skipBadItems are for items from data: generated ones have no end",
        {
          hint: "Give a file or folder with --data.",
        },
      );
    }
    const items = data === undefined ? undefined : createDataItems(data, { split, skipBadItems });
    return defineTask<FunctionCallItem>({
      name: "function-calling",
      schema: functionCallSchema,
      items: (split, seed) => items?.draw(split, seed) ?? generateItems(world, split, seed),
      prompt: (item) => functionCallPrompt(item, preset),
      verify: (item, completion) => verifyFunctionCalls(item, completion, { mode, format }),
      limits,
      showItem: (item) => showItem(item, mode),
      showAnswer: (item, completion) => showAnswer(item, completion, { mode, format }),
      leaks: (item, reflection) => statesCalls(item, reflection, mode),
      ...(data === undefined ? {} : { longestAnswer: textOf }),
      gold: (item) => goldOf(item, mode),
      ...(items === undefined ? {} : { notes: items.notes }),
      ...(split === "all" ? { testOnly: true } : {}),
      ...(mode === "bfcl" ? { score: bfclScore } : {}),
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
    const { mode } = await loadItems(options.data, options.skipBadItems ? { onBadRow: () => {} } : {});
    return functionCalling({ ...options, mode });
  },
});

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

/** What BFCL accepts is no call; what of it would be one, is for the model to find. No call where none is wanted. */
function goldOf(item: FunctionCallItem, mode: VerifyMode): string | undefined {
  const text = textOf(item);
  if (item.rules !== "relevance" && /^\s*\[\s*\]\s*$/.test(text)) return "";
  return mode === "exact" ? text : undefined;
}

/** Of BFCL it has every accepted value, and so is longer than any one answer. */
function textOf({ expected }: FunctionCallItem): string {
  return typeof expected === "string" ? expected : JSON.stringify(expected);
}

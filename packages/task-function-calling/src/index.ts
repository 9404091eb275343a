// The default is what `rrr run function-calling` calls, with `--preset`, `--data` and `--task.mode` as its options.

// What generated items are made of: the built-in model's recipe tells stories about them.
export type { Api, Arguments, JsonSchema, JsonValue, Parameter, Spoken } from "./apis/api.ts";
export { small } from "./apis/small.ts";
export type { Call } from "./call.ts";
export type { Fail, FunctionCallFailCode } from "./fail.ts";
export {
  type FunctionCallingOptions,
  functionCalling,
  functionCallingPlugin as default,
} from "./function-calling.ts";
export type { Request } from "./generate/request.ts";
export { drawSample, type GeneratedItem, type Range, type Sample, type World } from "./generate/sample.ts";
export { type Split, splitOfQuery, splitOfTools } from "./generate/split.ts";
export { type FunctionCallItem, functionCallSchema } from "./item.ts";
export { type Json, JsonNumber, type JsonObject } from "./json/json.ts";
export { toPlain } from "./json/plain.ts";
export { loadBfcl } from "./load/load-bfcl.ts";
export { type LoadedItems, loadItems } from "./load/load-items.ts";
export { loadXlam } from "./load/load-xlam.ts";
export type { PresetName } from "./presets.ts";
export { functionCallPrompt, instructions as functionCallInstructions } from "./prompt.ts";
export { type CallsReading, type ReadOptions, readCalls } from "./read/read-calls.ts";
export type { Format, Syntax } from "./read/syntax.ts";
export { type VerifyMode, type VerifyOptions, verifyFunctionCalls } from "./verify.ts";

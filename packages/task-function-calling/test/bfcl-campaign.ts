import { createRandom } from "@rrr/core";
import type { Call } from "../src/call.ts";
import type { FunctionCallItem } from "../src/item.ts";
import { toJsonText } from "../src/load/json-text.ts";
import { loadBfcl } from "../src/load/load-bfcl.ts";
import { parseAccepted } from "../src/match/bfcl/accepted.ts";
import { findViolation } from "../src/schema/find-violation.ts";
import { prepareTools } from "../src/schema/prepare-tools.ts";
import { verifyFunctionCalls } from "../src/verify.ts";
import { mutate } from "./bfcl-mutations.ts";
import { isInData, isSame } from "./bfcl-oracle.ts";
import { renderAnswer } from "./bfcl-renderings.ts";
import { writeAll } from "./write-syntax.ts";

const random = createRandom(0);

/** What became of the mutations of one kind. */
export interface KindResult {
  tried: number;
  /** Not tried: the value stays the same to BFCL (the sign of 0, a list that reads the same backwards). */
  unchanged: number;
  /** Not tried: the row's published answer contains the result too. */
  inData: number;
  /** Outputs that pass all the same. */
  readonly accepted: string[];
}

export interface FileResult {
  rows: number;
  renderings: number;
  /** Renderings of an accepted answer that fail. */
  readonly refused: string[];
  readonly kinds: Map<string, KindResult>;
  /** Rows of which an accepted value violates the tool's own schema, and how; it passes all the same. */
  readonly contradictions: Set<string>;
}

/** Every rendering of every accepted answer of a file of BFCL, and every mutation of the first of each. */
export async function runCampaign(path: string): Promise<FileResult> {
  const result: FileResult = {
    rows: 0,
    renderings: 0,
    refused: [],
    kinds: new Map(),
    contradictions: new Set(),
  };
  for await (const item of loadBfcl(path)) {
    result.rows++;
    checkRow(item, result);
  }
  return result;
}

function checkRow(item: FunctionCallItem, result: FileResult): void {
  const accepted = parseAccepted(item.expected);
  const renderings = renderAnswer(accepted, (name, key) => isRequired(item, name, key));
  for (const calls of renderings) {
    result.renderings++;
    if (!passes(item, calls)) result.refused.push(textOf(calls));
    for (const problem of calls.map((call) => findContradiction(item, call))) {
      if (problem !== undefined) result.contradictions.add(`line ${result.rows}, ${problem}`);
    }
  }
  const [right = []] = renderings;
  for (const { kind, calls } of mutate(right, item.tools)) {
    const counts = result.kinds.get(kind) ?? { tried: 0, unchanged: 0, inData: 0, accepted: [] };
    result.kinds.set(kind, counts);
    if (isSame(calls, right)) counts.unchanged++;
    else if (isInData(calls, accepted)) counts.inData++;
    else {
      counts.tried++;
      if (passes(item, calls)) counts.accepted.push(textOf(calls));
    }
  }
}

function findContradiction(
  { tools }: FunctionCallItem,
  { name, arguments: given }: Call,
): string | undefined {
  const tool = prepareTools(tools).get(name);
  const violation = tool && findViolation(tool, given);
  if (violation !== undefined) return `${name}: ${violation}`;
  const { properties = {} } = tools.find((one) => one.name === name)?.parameters ?? {};
  const foreign = [...given.keys()].find((key) => !Object.hasOwn(properties as object, key));
  return foreign && `${name}: the schema has no argument "${foreign}"`;
}

function isRequired({ tools }: FunctionCallItem, name: string, key: string): boolean {
  const { required = [] } = tools.find((tool) => tool.name === name)?.parameters ?? {};
  return (required as readonly unknown[]).includes(key);
}

/** In JSON; a verdict that differs in another syntax is a verdict on the syntax, and counts as the wrong one. */
function passes(item: FunctionCallItem, calls: readonly Call[]): boolean {
  const kinds = [textOf(calls), ...writeAll(random, calls)].map(
    (text) => verifyFunctionCalls(item, text, { mode: "bfcl" }).kind,
  );
  const isRight = kinds[0] === "pass";
  if (kinds.every((kind) => (kind === "pass") === isRight)) return isRight;
  throw new Error(`syntaxes disagree: ${kinds.join(", ")} of ${textOf(calls)}`);
}

/** As a model would write them. */
function textOf(calls: readonly Call[]): string {
  return toJsonText(calls.map((call) => new Map(Object.entries(call))));
}

import { RrrError } from "@rrr/core";
import { bytesPerElement, type Dtype } from "./dtype.ts";
import { show } from "./show.ts";
import { parseJsonText } from "./text-files.ts";

/** Where one tensor lies: byte offsets into the part of the file that follows the header. */
export interface TensorEntry {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly start: number;
  readonly end: number;
}

type Json = Readonly<Record<string, unknown>>;

/** The one white space, string, punctuation mark or number that may come next: no fractions, no signs. */
const lexeme = /[ \t\n\r]+|"(?:[^"\\]|\\.)*"|[{}[\],]|(:)|(?:0|[1-9][0-9]*)(?![0-9.eE])/y;

/** Half of a surrogate pair, as "\\ud800" gives: fine for JavaScript, refused by every other reader. */
const loneSurrogate = /\p{Surrogate}/u;

/**
 * Reads and checks the header of a safetensors file; believes nothing in it.
 * Refuses all that the reference implementation refuses (gaps, overlaps, a size other than shape × type, bytes
 * after the last tensor, duplicate keys, numbers not written as whole numbers), and unknown fields and types.
 * @param header the header's bytes
 * @param dataBytes bytes that follow it in the file
 * @returns the tensors in the order of their bytes
 * @throws bad-model
 * @see https://github.com/huggingface/safetensors (format; `Metadata::validate` in tensor.rs)
 */
export function parseSafetensorsHeader(header: Uint8Array, dataBytes: number): readonly TensorEntry[] {
  const json = parseStrictly(header);
  const entries: TensorEntry[] = [];
  for (const [name, value] of Object.entries(json)) {
    if (loneSurrogate.test(name)) throw bad(`tensor ${show(name)} has a name that is not Unicode`);
    if (name === "__metadata__") checkMetadata(value);
    else entries.push(toEntry(name, value));
  }
  entries.sort((a, b) => a.start - b.start || a.end - b.end);
  let position = 0;
  for (const { name, start, end } of entries) {
    if (start !== position) throw bad(`tensor ${show(name)} starts at byte ${start}, not at ${position}`);
    position = end;
  }
  if (position !== dataBytes) throw bad(`the tensors need ${position} bytes, the file has ${dataBytes}`);
  return entries;
}

function toEntry(name: string, value: unknown): TensorEntry {
  if (!isObject(value) || Object.keys(value).sort().join() !== "data_offsets,dtype,shape") {
    throw bad(`tensor ${show(name)} is not {dtype, shape, data_offsets}`);
  }
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== "string" || !Object.hasOwn(bytesPerElement, dtype)) {
    throw new RrrError(
      "bad-model",
      `safetensors: tensor ${show(name)} has type ${show(dtype)} (supported: ${Object.keys(bytesPerElement).join(", ")})`,
      { hint: "Whole numbers and F8 are quantised weights: take the model that they were made from." },
    );
  }
  if (!isSizes(shape) || !isSizes(offsets) || offsets.length !== 2) {
    throw bad(`tensor ${show(name)} has a shape or offsets that are not lists of whole numbers`);
  }
  const [start, end] = offsets as [number, number];
  let bytes = bytesPerElement[dtype as Dtype];
  for (const dimension of shape) {
    bytes *= dimension;
    if (!Number.isSafeInteger(bytes)) throw bad(`tensor ${show(name)} is too large: [${shape}]`);
  }
  if (end - start !== bytes) {
    throw bad(
      `tensor ${show(name)} has ${end - start} bytes, its shape [${shape}] of ${dtype} needs ${bytes}`,
    );
  }
  return { name, dtype: dtype as Dtype, shape, start, end };
}

function checkMetadata(value: unknown): void {
  const texts = isObject(value) ? Object.entries(value).flat() : [undefined];
  if (!texts.every((text) => typeof text === "string" && !loneSurrogate.test(text))) {
    throw bad("__metadata__ is not a map of strings");
  }
}

/** `JSON.parse` takes duplicate keys, `1.0` and `1e0` in silence, the reference does not: count and look first. */
function parseStrictly(header: Uint8Array): Json {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(header);
  } catch (cause) {
    throw new RrrError("bad-model", "safetensors: the header is not in UTF-8", { cause });
  }
  const json = parseJsonText(text, "safetensors: the header");
  if (!text.startsWith("{") || !isObject(json)) throw bad("the header is not an object");
  let colons = 0;
  for (lexeme.lastIndex = 0; lexeme.lastIndex < text.length; ) {
    const at = lexeme.lastIndex;
    const match = lexeme.exec(text);
    if (match === null) throw bad(`the header has an unexpected ${show(text.slice(at, at + 12))}`);
    if (match[1] !== undefined) colons++;
  }
  const inner = Object.values(json).map((value) => (isObject(value) ? Object.keys(value).length : 0));
  const keys = inner.reduce((sum, count) => sum + count, Object.keys(json).length);
  if (keys !== colons) throw bad("the header names something twice");
  return json;
}

function isSizes(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function bad(message: string): RrrError {
  return new RrrError("bad-model", `safetensors: ${message}`);
}

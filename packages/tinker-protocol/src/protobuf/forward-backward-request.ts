import { malformed } from "../malformed.ts";
import type { ForwardBackwardRequest, Tensor, WireDatum } from "../messages.ts";
import { type Field, fieldsOf } from "./field.ts";
import { intBytes, readTensor, tensorParts, toInts } from "./numbers.ts";
import {
  bytesField,
  doubleField,
  integerField,
  joined,
  mapField,
  messageField,
  type Parts,
  textField,
} from "./write.ts";

const NAME = "ForwardBackwardRequest";
const MOST_DATUMS = 65_536;
/** Fields of a request besides its datums. */
const MOST_OTHERS = 1_024;

/** The body of `forward_backward`, as servers since 0.25 take it. */
export function encodeForwardBackwardRequest(request: ForwardBackwardRequest): Uint8Array {
  const { modelId, seqId, data, loss, lossConfig, forwardOnly } = request;
  return joined([
    ...textField(1, modelId),
    ...integerField(2, seqId),
    ...data.flatMap((datum) => messageField(3, datumParts(datum))),
    ...textField(4, loss),
    // Servers read the one or the other.
    ...mapField(5, lossConfig, (value) => doubleField(2, value)),
    ...integerField(6, forwardOnly ? 1 : 0),
    ...mapField(7, lossConfig, (value) => messageField(2, doubleField(1, value))),
  ]);
}

function datumParts({ tokens, inputs }: WireDatum): Parts {
  const text = messageField(1, bytesField(1, intBytes(tokens)));
  return [...messageField(1, text), ...mapField(2, inputs, (tensor) => messageField(2, tensorParts(tensor)))];
}

/**
 * What `encodeForwardBackwardRequest` wrote.
 * @param most datums that are read: of more, one more is given, so that whoever refuses it knows whose request it is
 * @throws RrrError `bad-argument`
 */
export function decodeForwardBackwardRequest(
  bytes: Uint8Array,
  most: number = MOST_DATUMS,
): ForwardBackwardRequest {
  const data: WireDatum[] = [];
  const config: [string, number][] = [];
  let [modelId, seqId, loss, forwardOnly] = ["", 0, "", false];
  for (const field of fieldsOf(bytes, NAME, most + MOST_OTHERS)) {
    if (data.length > most) break;
    if (field.number === 1) modelId = field.text();
    else if (field.number === 2) seqId = field.integer();
    else if (field.number === 3) data.push(readDatum(field.bytes(), `${NAME}.data[${data.length}]`));
    else if (field.number === 4) loss = field.text();
    else if (field.number === 5) config.push(readEntry(field.bytes(), (value) => value?.double() ?? 0));
    else if (field.number === 6) forwardOnly = field.integer() !== 0;
    else if (field.number === 7) config.push(readEntry(field.bytes(), readNumber));
  }
  return { modelId, seqId, data, loss, lossConfig: Object.fromEntries(config), forwardOnly };
}

function readDatum(bytes: Uint8Array, what: string): WireDatum {
  const chunks: Int32Array[] = [];
  const inputs: [string, Tensor][] = [];
  for (const field of fieldsOf(bytes, what)) {
    if (field.number === 1) chunks.push(readChunk(field.bytes(), what));
    else if (field.number === 2) {
      inputs.push(
        readEntry(field.bytes(), (value) => readTensor(value?.bytes() ?? new Uint8Array(0), what), what),
      );
    }
  }
  return {
    tokens: Int32Array.from(chunks.flatMap((chunk) => [...chunk])),
    inputs: Object.fromEntries(inputs),
  };
}

function readChunk(bytes: Uint8Array, what: string): Int32Array {
  let tokens: Int32Array | undefined;
  for (const field of fieldsOf(bytes, what)) {
    if (field.number !== 1) throw malformed(`${what}: a chunk that is no text`);
    for (const inner of fieldsOf(field.bytes(), what)) {
      if (inner.number === 1) tokens = toInts(inner.bytes(), what);
    }
    tokens ??= new Int32Array(0);
  }
  if (tokens === undefined) throw malformed(`${what}: an empty chunk`);
  return tokens;
}

/** An entry of a map. */
export function readEntry<Value>(
  bytes: Uint8Array,
  read: (value: Field | undefined) => Value,
  what: string = NAME,
): [string, Value] {
  let key = "";
  let value: Field | undefined;
  for (const field of fieldsOf(bytes, what)) {
    if (field.number === 1) key = field.text();
    else if (field.number === 2) value = field;
  }
  return [key, read(value)];
}

function readNumber(value: Field | undefined): number {
  let number = 0;
  for (const field of fieldsOf(value?.bytes() ?? new Uint8Array(0), `${NAME}.loss_fn_config_v2`)) {
    if (field.number !== 1) throw malformed(`${NAME}: a setting of the loss that is no number`);
    number = field.double();
  }
  return number;
}

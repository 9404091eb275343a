import { malformed } from "../malformed.ts";
import type { ForwardBackwardOutput } from "../messages.ts";
import { fieldsOf } from "./field.ts";
import { readEntry } from "./forward-backward-request.ts";
import { floatBytes, longBytes, toLongs, toTensor } from "./numbers.ts";
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

const NAME = "ForwardBackwardOutput";
const FLOAT32 = 1;
/** Servers write one record, or one for each datum. */
const MOST_RECORDS = 65_536;

type Output = ForwardBackwardOutput["outputs"][number];

/** The result of `forward_backward`, with `Content-Type: application/x-protobuf`. */
export function encodeForwardBackwardOutput({ type, outputs, metrics }: ForwardBackwardOutput): Uint8Array {
  return joined([
    ...textField(1, type),
    ...(outputs.length === 0 ? [] : messageField(2, recordParts(outputs))),
    ...mapField(3, metrics, (value) => doubleField(2, value)),
  ]);
}

/** Rows of each field one after the other, with the byte that each begins at. */
function recordParts(outputs: readonly Output[]): Parts {
  const fields = Object.fromEntries(
    Object.keys(outputs[0] as Output).map((name) => [
      name,
      outputs.map((each) => each[name] ?? new Float32Array(0)),
    ]),
  );
  return [
    ...mapField(2, fields, (rows) => {
      const offsets = [0];
      for (const row of rows) offsets.push((offsets.at(-1) as number) + row.byteLength);
      return messageField(2, [
        ...bytesField(1, joined(rows.map(floatBytes))),
        ...bytesField(2, longBytes(offsets)),
        ...integerField(3, FLOAT32),
      ]);
    }),
    ...integerField(3, outputs.length),
  ];
}

/** What `encodeForwardBackwardOutput` wrote. @throws RrrError `bad-argument` */
export function decodeForwardBackwardOutput(bytes: Uint8Array): ForwardBackwardOutput {
  let type = "";
  const outputs: Output[] = [];
  const metrics: [string, number][] = [];
  for (const field of fieldsOf(bytes, NAME, MOST_RECORDS)) {
    if (field.number === 1) type = field.text();
    else if (field.number === 2) for (const output of readRecord(field.bytes())) outputs.push(output);
    else if (field.number === 3)
      metrics.push(readEntry(field.bytes(), (value) => value?.double() ?? 0, NAME));
  }
  return { type, outputs, metrics: Object.fromEntries(metrics) };
}

function readRecord(bytes: Uint8Array): readonly Output[] {
  const what = `${NAME}.loss_fn_outputs`;
  const fields: [string, readonly Float32Array[]][] = [];
  let count = 0;
  for (const field of fieldsOf(bytes, what)) {
    if (field.number === 2) {
      fields.push(
        readEntry(field.bytes(), (value) => readRows(value?.bytes() ?? new Uint8Array(0), what), what),
      );
    } else if (field.number === 3) count = field.integer();
  }
  for (const [name, rows] of fields) {
    if (rows.length !== count) throw malformed(`${what}: ${rows.length} rows of ${name} for ${count} datums`);
  }
  // Without fields nothing bounds the count.
  const length = fields.length === 0 ? 0 : count;
  return Array.from({ length }, (_, i) =>
    Object.fromEntries(fields.map(([name, rows]) => [name, rows[i] as Float32Array])),
  );
}

function readRows(bytes: Uint8Array, what: string): readonly Float32Array[] {
  let data: Uint8Array = new Uint8Array(0);
  let offsets: readonly number[] = [];
  let dtype = 0;
  for (const field of fieldsOf(bytes, what)) {
    if (field.number === 1) data = field.bytes();
    else if (field.number === 2) offsets = toLongs(field.bytes(), what);
    else if (field.number === 3) dtype = field.integer();
  }
  const isSorted = offsets.every((offset, i) => offset >= (offsets[i - 1] ?? 0));
  if (!isSorted || (offsets[0] ?? 0) !== 0 || (offsets.at(-1) ?? 0) !== data.length) {
    throw malformed(`${what}: offsets [${offsets.slice(0, 8)}] into ${data.length} bytes`);
  }
  return offsets.slice(1).map((end, i) => {
    const row = toTensor(data.subarray(offsets[i], end), dtype, what).data;
    return row instanceof Float32Array ? row : Float32Array.from(row);
  });
}

/**
 * TensorBoard's event files, as far as numbers need them: records of TFRecord, each a message `Event`.
 * @see https://github.com/tensorflow/tensorboard/blob/master/tensorboard/compat/proto/event.proto
 * @see https://www.tensorflow.org/tutorials/load_data/tfrecord#tfrecords_format_details
 */
import type { Metric } from "./metrics.ts";

const VERSION = "brain.Event:2";

/** How a file begins. @param wallTime seconds since 1970, as in all that follow */
export function versionRecord(wallTime: number): Buffer {
  return record(event(wallTime, 0, text(3, VERSION)));
}

/** A session begins anew at a step: what readers have of it and later ones counts no more. */
export function restartRecord(wallTime: number, step: number): Buffer {
  const START = 1;
  return record(event(wallTime, step, bytes(7, integer(1, START))));
}

/** Numbers of one step. */
export function metricsRecord(wallTime: number, step: number, metrics: readonly Metric[]): Buffer {
  const values = metrics.map(({ name, value }) => bytes(1, Buffer.concat([text(1, name), float(2, value)])));
  return record(event(wallTime, step, bytes(5, Buffer.concat(values))));
}

/** Names and steps of the numbers in a file that the functions above wrote; what is cut off at its end is left out. */
export function readMetricKeys(file: Buffer): readonly { readonly name: string; readonly step: number }[] {
  const keys: { name: string; step: number }[] = [];
  for (let at = 0; at + 12 <= file.length; ) {
    const length = Number(file.readBigUInt64LE(at));
    const data = file.subarray(at + 12, at + 12 + length);
    at += 16 + length;
    if (at > file.length || maskedCrc(data) !== file.readUInt32LE(at - 4)) break;
    const fields = fieldsOf(data);
    const step = Number(fields.find(({ field }) => field === 2)?.value ?? 0);
    for (const { field, value } of fields) {
      if (field !== 5 || !Buffer.isBuffer(value)) continue;
      for (const each of fieldsOf(value)) {
        const name = Buffer.isBuffer(each.value) ? fieldsOf(each.value)[0]?.value : undefined;
        if (Buffer.isBuffer(name)) keys.push({ name: name.toString(), step });
      }
    }
  }
  return keys;
}

function event(wallTime: number, step: number, content: Buffer): Buffer {
  const time = Buffer.alloc(9);
  time[0] = (1 << 3) | 1;
  time.writeDoubleLE(wallTime, 1);
  return Buffer.concat([time, integer(2, step), content]);
}

function record(data: Buffer): Buffer {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(data.length));
  return Buffer.concat([length, word(maskedCrc(length)), data, word(maskedCrc(data))]);
}

function word(value: number): Buffer {
  const four = Buffer.alloc(4);
  four.writeUInt32LE(value);
  return four;
}

const integer = (field: number, value: number): Buffer => Buffer.concat([varint(field << 3), varint(value)]);
const bytes = (field: number, value: Buffer): Buffer =>
  Buffer.concat([varint((field << 3) | 2), varint(value.length), value]);
const text = (field: number, value: string): Buffer => bytes(field, Buffer.from(value));

function float(field: number, value: number): Buffer {
  const four = Buffer.alloc(4);
  four.writeFloatLE(value);
  return Buffer.concat([varint((field << 3) | 5), four]);
}

function varint(value: number): Buffer {
  const groups: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    groups.push(rest >= 128 ? (rest % 128) | 128 : rest);
    if (rest < 128) return Buffer.from(groups);
  }
}

/** Fields of a message: whole numbers, and what has a length; of the others only that they are there. */
function fieldsOf(message: Buffer): readonly { readonly field: number; readonly value: number | Buffer }[] {
  const fields: { field: number; value: number | Buffer }[] = [];
  let at = 0;
  const whole = (): number => {
    let [value, scale] = [0, 1];
    while (at < message.length) {
      const group = message[at++] as number;
      value += (group & 127) * scale;
      if (group < 128) break;
      scale *= 128;
    }
    return value;
  };
  while (at < message.length) {
    const tag = whole();
    const kind = tag & 7;
    const length = kind === 1 ? 8 : kind === 5 ? 4 : kind === 2 ? whole() : 0;
    const value = kind === 0 ? whole() : message.subarray(at, at + length);
    at += length;
    fields.push({ field: tag >>> 3, value });
  }
  return fields;
}

const CASTAGNOLI = 0x82f63b78;
const TABLE: Uint32Array = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ CASTAGNOLI : rest >>> 1;
  return rest >>> 0;
});

/** CRC-32C, of RFC 3720. */
export function crc32c(data: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of data) crc = (crc >>> 8) ^ (TABLE[(crc ^ byte) & 255] as number);
  return (crc ^ 0xffffffff) >>> 0;
}

/** As TFRecord keeps it: a sum over data with sums in them would say little. */
function maskedCrc(data: Uint8Array): number {
  const crc = crc32c(data);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

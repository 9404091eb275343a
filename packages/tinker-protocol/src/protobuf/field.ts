import { malformed } from "../malformed.ts";

const TYPES = ["varint", "fixed64", "bytes", "group", "group", "fixed32"] as const;
type WireType = (typeof TYPES)[number];

/** Of one message: each becomes an object many times as large as its bytes, and bytes may come from anybody. */
const MOST_FIELDS = 1_024;
/** Of a repeated integer: only shapes are. */
const MOST_INTEGERS = 64;

/** One field of a message, as it lies there. Its readers refuse a field that is written as another type. */
export interface Field {
  readonly number: number;
  bytes(): Uint8Array;
  text(): string;
  /** Of int32, int64, bool and enum; negative numbers as they are. */
  integer(): number;
  /** A repeated integer, packed or not. */
  integers(): readonly number[];
  double(): number;
}

/**
 * The fields of a message in their order; unknown ones are the caller's to skip. Nothing in the bytes is believed.
 * @param message its name, for errors
 * @param most fields that it may have
 * @throws RrrError `bad-argument`, naming the message and the byte
 * @see https://protobuf.dev/programming-guides/encoding
 */
export function* fieldsOf(
  bytes: Uint8Array,
  message: string,
  most: number = MOST_FIELDS,
): Generator<Field, void, undefined> {
  const cursor = { at: 0 };
  for (let count = 1; cursor.at < bytes.length; count++) {
    const start = cursor.at;
    const fail = (what: string): never => {
      throw malformed(`${message}: ${what}, at byte ${start} of ${bytes.length}`);
    };
    if (count > most) fail(`more than ${most} fields`);
    const tag = varint(bytes, cursor, fail);
    const number = Number(tag >> 3n);
    const type = TYPES[Number(tag & 7n)];
    if (number < 1 || number > 0x1fff_ffff) fail(`field number ${number}`);
    if (type === undefined || type === "group") fail(`wire type ${tag & 7n}`);
    yield toField(number, type as WireType, bytes, cursor, fail);
  }
}

function toField(
  number: number,
  type: WireType,
  bytes: Uint8Array,
  cursor: { at: number },
  fail: (what: string) => never,
): Field {
  const value = type === "varint" ? varint(bytes, cursor, fail) : 0n;
  const size =
    type === "bytes"
      ? Number(varint(bytes, cursor, fail))
      : ({ fixed64: 8, fixed32: 4 }[type as "fixed64"] ?? 0);
  if (size > bytes.length - cursor.at) {
    fail(`field ${number} has ${size} bytes, and ${bytes.length - cursor.at} are there`);
  }
  const content = bytes.subarray(cursor.at, cursor.at + size);
  cursor.at += size;
  const as = (expected: WireType): Uint8Array =>
    type === expected ? content : fail(`field ${number} is written as ${type}, not as ${expected}`);
  const integerOf = (raw: bigint): number => {
    const signed = Number(BigInt.asIntN(64, raw));
    return Number.isSafeInteger(signed) ? signed : fail(`field ${number} holds ${signed}`);
  };
  return {
    number,
    bytes: () => as("bytes"),
    text() {
      try {
        return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(as("bytes"));
      } catch (cause) {
        if (!(cause instanceof TypeError)) throw cause;
        return fail(`field ${number} is not in UTF-8`);
      }
    },
    integer() {
      as("varint");
      return integerOf(value);
    },
    integers() {
      if (type === "varint") return [integerOf(value)];
      const packed = as("bytes");
      const inner = { at: 0 };
      const all: number[] = [];
      while (inner.at < packed.length) {
        if (all.length === MOST_INTEGERS) fail(`field ${number} has more than ${MOST_INTEGERS} integers`);
        all.push(integerOf(varint(packed, inner, fail)));
      }
      return all;
    },
    double() {
      const raw = as("fixed64");
      return new DataView(raw.buffer, raw.byteOffset, 8).getFloat64(0, true);
    },
  };
}

/** Unsigned, of at most 64 bits. */
function varint(bytes: Uint8Array, cursor: { at: number }, fail: (what: string) => never): bigint {
  let value = 0n;
  for (let shift = 0n; shift < 70n; shift += 7n) {
    const byte = bytes[cursor.at++];
    if (byte === undefined) return fail("the bytes end inside a number");
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return value > 0xffff_ffff_ffff_ffffn ? fail("a number of more than 64 bits") : value;
  }
  return fail("a number of more than ten bytes");
}

/** Parts of a message, to be joined. What is empty, 0 or false is left out, as proto3 has it. */
export type Parts = readonly Uint8Array[];

export function joined(parts: Parts): Uint8Array {
  return Buffer.concat(parts);
}

/** @param value whole, of at most 2⁵³ in size */
export function integerField(number: number, value: number): Parts {
  return value === 0 ? [] : [varint(number * 8), varint(value)];
}

export function textField(number: number, value: string): Parts {
  return value === "" ? [] : bytesField(number, new TextEncoder().encode(value));
}

export function bytesField(number: number, value: Uint8Array): Parts {
  return [varint(number * 8 + 2), varint(value.length), value];
}

export function messageField(number: number, parts: Parts): Parts {
  return bytesField(number, joined(parts));
}

export function doubleField(number: number, value: number): Parts {
  if (Object.is(value, 0)) return [];
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value, true);
  return [varint(number * 8 + 1), bytes];
}

/** A map is a repeated message of key 1 and value 2. */
export function mapField<Value>(
  number: number,
  map: Readonly<Record<string, Value>>,
  toParts: (value: Value) => Parts,
): Parts {
  return Object.entries(map).flatMap(([key, value]) =>
    messageField(number, [...textField(1, key), ...toParts(value)]),
  );
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return Uint8Array.from([...bytes, Number(rest)]);
}

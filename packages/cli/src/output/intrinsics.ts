/** What all code in a process shares, rrr's and Node's own too. Promises are left out: tracing wraps them. */
const SHARED = {
  JSON,
  Array,
  "Array.prototype": Array.prototype,
  Object,
  "Object.prototype": Object.prototype,
  "String.prototype": String.prototype,
  "RegExp.prototype": RegExp.prototype,
  "Map.prototype": Map.prototype,
  "Set.prototype": Set.prototype,
} as const;

const { getOwnPropertyDescriptor } = Object;
const { ownKeys } = Reflect;

interface Intrinsic {
  readonly name: string;
  readonly owner: object;
  readonly key: string | symbol;
  readonly value: unknown;
}

/** As they are before any plugin is loaded. */
const intrinsics: readonly Intrinsic[] = Object.entries(SHARED).flatMap(([name, owner]) =>
  ownKeys(owner).map((key) => ({
    name: `${name}.${String(key)}`,
    owner,
    key,
    value: getOwnPropertyDescriptor(owner, key)?.value,
  })),
);

/** The first of them that is not what it was; an addition is no change. */
export function changedIntrinsic(): string | undefined {
  // By index: an iterator is one of them.
  for (let i = 0; i < intrinsics.length; i++) {
    const { name, owner, key, value } = intrinsics[i] as Intrinsic;
    if (getOwnPropertyDescriptor(owner, key)?.value !== value) return name;
  }
  return undefined;
}

import { RrrError } from "@rrr/core";
import { quote } from "../quote.ts";
import { isSchemaPart, type SchemaPart } from "./schema-part.ts";

/**
 * What a `$ref` within a schema points to.
 * @throws RrrError `bad-item` for one that leaves the schema, or points to nothing.
 * @see https://www.rfc-editor.org/rfc/rfc6901#section-6
 */
export function followRef(ref: string, root: SchemaPart): unknown {
  const [start, ...keys] = ref.split("/");
  if (start !== "#") throw new RrrError("bad-item", `$ref ${quote(ref)} leaves the schema`);
  let target: unknown = root;
  for (const key of keys.map(unescapePointer)) {
    const inside =
      isSchemaPart(target) || Array.isArray(target)
        ? Object.getOwnPropertyDescriptor(target, key)
        : undefined;
    if (inside === undefined) throw new RrrError("bad-item", `$ref ${quote(ref)} points to nothing`);
    target = inside.value;
  }
  return target;
}

/** A key as JSON pointers write it. */
export function unescapePointer(key: string): string {
  return key.replaceAll("~1", "/").replaceAll("~0", "~");
}

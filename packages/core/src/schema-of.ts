import type { SchemaResult, StandardSchema } from "./standard-schema.ts";

/**
 * A schema from a type guard, for items too simple to want a schema library.
 * @param expected what an item is: a refusal says "must be …"
 * @example schemaOf(isSum, "{ a, b }, whole numbers")
 */
export function schemaOf<Item>(
  isItem: (value: unknown) => value is Item,
  expected: string,
): StandardSchema<unknown, Item> {
  const validate = (value: unknown): SchemaResult<Item> =>
    isItem(value) ? { value } : { issues: [{ message: `must be ${expected}` }] };
  return { "~standard": { version: 1, vendor: "rrr", validate } };
}

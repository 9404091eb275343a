import type { OptionSchema } from "./define-plugin.ts";
import type { SchemaResult } from "./standard-schema.ts";

/**
 * A schema from a type guard, for items and options too simple to want a schema library.
 * @param expected what an item is: a refusal says "must be …"
 * @example schemaOf(isSum, "{ a, b }, whole numbers")
 */
export function schemaOf<Item>(
  isItem: (value: unknown) => value is Item,
  expected: string,
): OptionSchema<Item> {
  const validate = (value: unknown): SchemaResult<Item> =>
    isItem(value) ? { value } : { issues: [{ message: `must be ${expected}` }] };
  return { description: expected, "~standard": { version: 1, vendor: "rrr", validate } };
}

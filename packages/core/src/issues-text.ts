import type { SchemaIssue } from "./standard-schema.ts";

/** What a schema has against a value, in one line: `must be an item`, or `a.b: must be a number; …`. */
export function issuesText(issues: readonly SchemaIssue[]): string {
  return issues
    .map(({ message, path }) => {
      const at = (path ?? []).map((part) => String(typeof part === "object" ? part.key : part)).join(".");
      return at === "" ? message : `${at}: ${message}`;
    })
    .join("; ");
}

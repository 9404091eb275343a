import type { SchemaIssue, StandardSchema } from "@rrr/core";

/** A Countdown problem: make `target` of `numbers`, each used exactly once. */
export interface CountdownItem {
  /** Whole numbers ≥ 0, in the order in which they are shown. */
  readonly numbers: readonly number[];
  readonly target: number;
}

/** Standard Schema of an item: `{"numbers": [25, 7, 8], "target": 24}`. */
export const countdownSchema: StandardSchema<unknown, CountdownItem> = {
  "~standard": {
    version: 1,
    vendor: "rrr",
    validate(value) {
      const issues = findIssues(value);
      return issues.length > 0 ? { issues } : { value: value as CountdownItem };
    },
  },
};

function findIssues(value: unknown): SchemaIssue[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return [{ message: `an item must be {"numbers": […], "target": …}, got ${JSON.stringify(value)}` }];
  }
  const { numbers, target } = value as Readonly<Record<string, unknown>>;
  const issues: SchemaIssue[] = [];
  if (!Array.isArray(numbers) || numbers.length === 0) {
    const message = `numbers must be a list of whole numbers, got ${JSON.stringify(numbers)}`;
    issues.push({ path: ["numbers"], message });
  } else {
    numbers.forEach((number: unknown, i) => {
      if (Number.isSafeInteger(number) && (number as number) >= 0) return;
      const message = `numbers[${i}] must be a whole number ≥ 0, got ${JSON.stringify(number)}`;
      issues.push({ path: ["numbers", i], message });
    });
  }
  if (!Number.isSafeInteger(target)) {
    const message = `target must be a whole number, got ${JSON.stringify(target)}`;
    issues.push({ path: ["target"], message });
  }
  return issues;
}

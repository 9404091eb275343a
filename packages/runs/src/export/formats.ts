/** What `rrr export` can write, and how. */
export const FORMATS = ["jsonl", "csv", "parquet"] as const;
export const EXPORTS = ["episodes", "turns", "outcomes", "failures"] as const;

export interface ExportFlags {
  readonly format: (typeof FORMATS)[number];
  readonly what: (typeof EXPORTS)[number];
  readonly out?: string;
}

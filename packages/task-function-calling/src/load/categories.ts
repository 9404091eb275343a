/** How a row of a category is judged: by its accepted answers as Python or another language, or by calling at all. */
export type CategoryRules = "python" | "java" | "javascript" | "irrelevance" | "relevance";

/** The categories of one turn, of version 4 and, under their older names, of version 3. */
export const CATEGORIES: ReadonlyMap<string, CategoryRules> = new Map([
  ["simple", "python"],
  ["simple_python", "python"],
  ["simple_java", "java"],
  ["java", "java"],
  ["simple_javascript", "javascript"],
  ["javascript", "javascript"],
  ["multiple", "python"],
  ["parallel", "python"],
  ["parallel_multiple", "python"],
  ["irrelevance", "irrelevance"],
  ["live_simple", "python"],
  ["live_multiple", "python"],
  ["live_parallel", "python"],
  ["live_parallel_multiple", "python"],
  ["live_irrelevance", "irrelevance"],
  ["live_relevance", "relevance"],
]);

const FILE = /^BFCL_v\d+_(\w+)\.json$/;

/** The category that a file's name says; undefined where it is no file of the leaderboard. */
export function categoryOfFile(name: string): string | undefined {
  return FILE.exec(name)?.[1];
}

/** The category that a row's id says, `live_simple_12-3-0`; undefined for one that is not known. */
export function categoryOfId(id: string): string | undefined {
  const category = id.replace(/_\d+(-\d+)*$/, "");
  return CATEGORIES.has(category) ? category : undefined;
}

import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

/** What one model answered to one question: text, or what an API gave as calls. */
export interface PublishedRow {
  readonly model: string;
  readonly category: string;
  /** Place of its question in the category's file. */
  readonly at: number;
  readonly output: string | readonly unknown[];
}

/** Names of categories in the first version's files, where today's are others. */
const FIRST_NAMES: Readonly<Record<string, string>> = {
  simple: "simple_python",
  multiple_function: "multiple",
  parallel_function: "parallel",
  parallel_multiple_function: "parallel_multiple",
  relevance: "irrelevance",
};

const FILE = /^(?:gorilla_openfunctions_v1_test|BFCL_v\d+)_(.+)_result\.json$/;

/**
 * The rows of a folder of published results, `<model>/…/BFCL_v4_parallel_result.json` or as the first version has them.
 * A row's number is the last of its id; rows of the live categories have other ids, and are left out.
 */
export function* readResults(folder: string, categories: readonly string[]): Generator<PublishedRow, void> {
  for (const model of readdirSync(folder).toSorted()) {
    const files = readdirSync(join(folder, model), { recursive: true, encoding: "utf8" }).toSorted();
    for (const file of files) {
      const named = FILE.exec(basename(file))?.[1];
      const category = named && (FIRST_NAMES[named] ?? named);
      if (category === undefined || !categories.includes(category)) continue;
      for (const line of readFileSync(join(folder, model, file), "utf8").split("\n")) {
        if (line.trim() === "") continue;
        const { id, result } = JSON.parse(line) as { readonly id?: unknown; readonly result?: unknown };
        const number = /_(\d+)$/.exec(String(id))?.[1];
        if (number === undefined || !(typeof result === "string" || Array.isArray(result))) continue;
        yield { model, category, at: Number(number), output: result };
      }
    }
  }
}

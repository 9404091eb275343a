import { createRandom, deriveKey, RrrError } from "@rrr/core";
import { type Split, splitOfQuery } from "../generate/split.ts";
import type { FunctionCallItem } from "../item.ts";
import { shuffleStream } from "../shuffle-stream.ts";
import { otherFiles } from "./load-bfcl.ts";
import { loadItems } from "./load-items.ts";

/** Data of any size are shuffled within a window of so many items. */
const SHUFFLE_WINDOW = 10_000;
/** Bad rows that notes name; they count all. */
const NAMED = 5;

export interface DataSettings {
  readonly split: "test" | "all";
  readonly skipBadItems: boolean;
}

export interface DataItems {
  draw(split: Split, seed: number): AsyncGenerator<FunctionCallItem, void>;
  /** How the items were chosen, and what was left out in the last draw. */
  notes(): readonly string[];
}

/** The items of a file or folder as a task's, in both splits. */
export function createDataItems(path: string, { split: held, skipBadItems }: DataSettings): DataItems {
  /** By message, which has the place: a row counts once however often the data are read. */
  const bad = new Set<string>();
  let others: readonly string[] = [];
  const onBadRow = ({ message }: RrrError): void => void bad.add(message);

  return {
    async *draw(split, seed) {
      if (held === "all" && split === "train") {
        throw new RrrError("bad-argument", `all of ${path} is held out: nothing is left to train on`, {
          hint: "Leave --split all out, or evaluate.",
        });
      }
      const { mode, items } = await loadItems(path, skipBadItems ? { onBadRow } : {});
      if (mode === "bfcl") others = await otherFiles(path);
      const chosen = held === "all" ? items : ofSplit(items, split);
      const random = createRandom(deriveKey(seed, "function-calling", split));
      yield* shuffleStream(chosen, SHUFFLE_WINDOW, random);
    },
    notes: () => [
      held === "all"
        ? `Drawn from all rows of ${path}: --split all.`
        : `Drawn from the fifth of the rows of ${path} that is held out: --split test.`,
      ...(others.length === 0
        ? []
        : [`Not asked, as they are no questions of one turn: ${others.join(", ")}.`]),
      ...badRowsNote([...bad]),
    ],
  };
}

function badRowsNote(bad: readonly string[]): readonly string[] {
  if (bad.length === 0) return [];
  const more = bad.length > NAMED ? `; and ${bad.length - NAMED} more` : "";
  const rows = bad.length === 1 ? "1 bad row was" : `${bad.length} bad rows were`;
  return [`${rows} left out: ${bad.slice(0, NAMED).join("; ")}${more}.`];
}

async function* ofSplit(
  items: AsyncIterable<FunctionCallItem>,
  split: Split,
): AsyncGenerator<FunctionCallItem, void> {
  for await (const item of items) if (splitOfQuery(item.query) === split) yield item;
}

import { createHash } from "node:crypto";
import type { Completion } from "@rrr/core";
import { usageOf } from "../usage-of.ts";

/**
 * A completion as the cache keeps it. The token ids of a trainable model are counted and left out, for a hit and a
 * miss alike: nothing that came through a cache can be trained on.
 */
export function toKept(completion: Completion): Completion {
  const { text, finish, hidden, reasoning } = completion;
  const usage = usageOf(completion);
  return {
    text,
    finish,
    ...(hidden === undefined ? {} : { hidden }),
    ...(usage === undefined ? {} : { usage }),
    ...(reasoning === undefined ? {} : { reasoning }),
  };
}

/** Belongs to an entry's text and place: SQLite itself does not notice a flipped bit on the disk. */
export function digestOf(key: string, sample: number, completion: string): string {
  return createHash("sha256").update(`${key} ${sample} ${completion}`).digest("hex").slice(0, 32);
}

import { createHash } from "node:crypto";
import type { Message } from "@rrr/core";
import type { RunDatabase, Statement } from "./database.ts";
import { itemJson } from "./item-json.ts";
import { ITEM, MESSAGE } from "./schema.ts";
import type { Cell } from "./table.ts";

/** Numbers that are remembered: what a run repeats, it repeats soon. */
const REMEMBERED = 20_000;

/** Stores items and conversations once each, and gives their numbers. To be called inside a transaction. */
export interface KeepOnce {
  /** @returns number of the item in the table `item` */
  item(item: unknown): number;
  /** @returns number of the last message in the table `message`; null for a conversation without messages */
  conversation(messages: readonly Message[]): number | null;
  /** Forgets the numbers: a transaction that was rolled back took its rows with it. */
  forget(): void;
}

export function createKeepOnce(db: RunDatabase): KeepOnce {
  const items = keeper(
    db.prepare("SELECT id FROM item WHERE hash = ?"),
    db.prepare(ITEM.insert),
    (hash, json: string) => ITEM.cells({ id: null, hash, json: readable(json) }),
  );
  type Parts = { readonly parent: number | null; readonly message: Message };
  const messages = keeper(
    db.prepare("SELECT id FROM message WHERE hash = ?"),
    db.prepare(MESSAGE.insert),
    (hash, { parent, message: { role, content, tools } }: Parts) =>
      MESSAGE.cells({
        ...{ id: null, hash, parent, role, content: readable(content) },
        tools: tools === undefined ? null : readable(JSON.stringify(tools)),
      }),
  );
  return {
    item(item) {
      const json = itemJson(item);
      return items.keep(hashOf(json), json);
    },
    conversation(all) {
      let parent: number | null = null;
      for (const message of all) {
        const { role, content, tools } = message;
        const hash = hashOf(JSON.stringify([parent, role, content, tools ?? null]));
        parent = messages.keep(hash, { parent, message });
      }
      return parent;
    },
    forget() {
      items.forget();
      messages.forget();
    },
  };
}

function keeper<Value>(
  find: Statement,
  insert: Statement,
  cells: (hash: string, value: Value) => readonly Cell[],
): { keep(hash: string, value: Value): number; forget(): void } {
  const known = new Map<string, number>();
  return {
    keep(hash, value) {
      const remembered = known.get(hash);
      if (remembered !== undefined) return remembered;
      const found = find.get(hash) as { readonly id: number } | undefined;
      const id = found?.id ?? insert.run(...cells(hash, value)).lastInsertRowid;
      if (known.size >= REMEMBERED) known.clear();
      known.set(hash, id);
      return id;
    },
    forget: () => known.clear(),
  };
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("base64url").slice(0, 27);
}

/** Text as readers of the database get it: to libsql, as to much that is written in C, a text ends at a NUL. */
export function readable(text: string): string {
  return text.includes("\0") ? text.replaceAll("\0", "\uFFFD") : text;
}

import { readFile } from "node:fs/promises";
import { messageOf, RrrError } from "@rrr/core";
import { type CountdownItem, countdownSchema } from "./item.ts";

/**
 * Problems of a published file, JSON Lines or Parquet, with the columns `nums` (or `numbers`) and `target`.
 * @throws RrrError `bad-item` naming the row that is no problem, `bad-argument` for a file that cannot be read.
 * @see https://huggingface.co/datasets/Jiayi-Pan/Countdown-Tasks-3to4
 */
export async function loadItems(path: string): Promise<readonly CountdownItem[]> {
  const rows = await readRows(path).catch((cause: unknown) => {
    if (RrrError.is(cause)) throw cause;
    throw new RrrError("bad-argument", `cannot read ${path}: ${messageOf(cause)}`, { cause });
  });
  return Promise.all(rows.map((row, i) => toItem(row, `${path}, row ${i + 1}`)));
}

type Row = Readonly<Record<string, unknown>>;

async function readRows(path: string): Promise<readonly Row[]> {
  if (!path.endsWith(".parquet")) return parseLines(await readFile(path, "utf8"), path);
  // Loaded only here: most runs read no Parquet.
  const { asyncBufferFromFile, parquetReadObjects } = await import("hyparquet");
  return parquetReadObjects({ file: await asyncBufferFromFile(path) });
}

function parseLines(text: string, path: string): Row[] {
  const rows: Row[] = [];
  text.split("\n").forEach((line, i) => {
    if (line.trim() === "") return;
    try {
      rows.push(JSON.parse(line) as Row);
    } catch (cause) {
      throw new RrrError("bad-item", `${path}, line ${i + 1} is no JSON: ${messageOf(cause)}`, { cause });
    }
  });
  return rows;
}

async function toItem(row: Row | null, place: string): Promise<CountdownItem> {
  const numbers = row?.nums ?? row?.numbers;
  const item = {
    numbers: isListLike(numbers) ? Array.from(numbers, toNumber) : numbers,
    target: toNumber(row?.target),
  };
  const { issues } = await countdownSchema["~standard"].validate(item);
  if (issues !== undefined) throw new RrrError("bad-item", `${place}: ${issues[0]?.message ?? "no item"}`);
  return item as CountdownItem;
}

function isListLike(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || ArrayBuffer.isView(value);
}

/** Parquet's 64-bit whole numbers come as BigInt. */
function toNumber(value: unknown): unknown {
  return typeof value === "bigint" ? Number(value) : value;
}

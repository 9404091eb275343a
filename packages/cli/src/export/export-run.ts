import { once } from "node:events";
import { createWriteStream, existsSync, rmSync } from "node:fs";
import type { Writable } from "node:stream";
import { finished } from "node:stream/promises";
import { RrrError } from "@rrr/core";
import type { ExportFlags } from "@rrr/runs";
import {
  findRun,
  openRunReader,
  TABLES,
  writeCsv,
  writeFailed,
  writeFailures,
  writeJsonLines,
  writeParquet,
} from "@rrr/runs";
import { stdout } from "../output/print.ts";
import { alreadyThere } from "../output/write-new-file.ts";

const WRITERS = { jsonl: writeJsonLines, csv: writeCsv, parquet: writeParquet } as const;

/** `rrr export`. @throws RrrError `bad-run`, `bad-argument` */
export async function exportRun(name: string, { format, what, out }: ExportFlags): Promise<void> {
  if (what === "failures" && format !== "jsonl") {
    throw new RrrError("bad-argument", `failures are conversations, which ${format} cannot hold`, {
      hint: "Leave --format out: they are JSON Lines.",
    });
  }
  if (format === "parquet" && out === undefined) {
    throw new RrrError("bad-argument", "Parquet is no text for a terminal", {
      hint: "Name a file with --out.",
    });
  }
  const reader = openRunReader(findRun(name, process.cwd()).folder);
  try {
    const write = (stream: Writable): Promise<void> =>
      what === "failures"
        ? writeFailures(reader, stream)
        : WRITERS[format](TABLES[what], TABLES[what].rows(reader), stream);
    await (out === undefined ? write(stdout) : writeFile(out, write));
  } finally {
    reader.close();
  }
}

/** Nothing is ever overwritten, and nothing is left half written. */
async function writeFile(path: string, write: (stream: Writable) => Promise<void>): Promise<void> {
  if (existsSync(path)) throw alreadyThere(path);
  const stream = createWriteStream(path, { flags: "wx" });
  await once(stream, "open").catch((cause) => {
    throw writeFailed(path, cause);
  });
  const ended = finished(stream);
  // Seen when it is waited for.
  ended.catch(() => {});
  try {
    await write(stream);
    stream.end();
    await ended;
  } catch (cause) {
    stream.destroy();
    rmSync(path, { force: true });
    throw stream.errored === null ? cause : writeFailed(path, cause);
  }
}

import { createReadStream } from "node:fs";
import { messageOf, RrrError } from "@rrr/core";
import { isJsonObject, type JsonObject } from "../json/json.ts";
import { parseJson } from "../json/parse-json.ts";
import { type LoadOptions, unlessBad } from "./bad-rows.ts";
import { createArraySplitter } from "./split-array.ts";
import { createLineSplitter } from "./split-lines.ts";
import { newlinesIn, type Piece, type Splitter } from "./splitter.ts";

/** A row of a file, and where it is, for messages. */
export interface Row {
  readonly fields: JsonObject;
  /** "data.json, line 12". */
  readonly place: string;
}

/**
 * The objects of a file that is one big JSON array, or else JSON Lines, whatever its name. Streams: no more than one
 * of them is held at a time.
 * @throws RrrError `bad-item` naming the line that is no object, if such are not left out, or where the file breaks off;
 *   `bad-argument` for a file that cannot be read
 */
export async function* readRows(path: string, options: LoadOptions = {}): AsyncGenerator<Row, void> {
  for await (const piece of readPieces(path)) {
    const row = unlessBad(() => toRow(piece, path), options);
    if (row !== undefined) yield row;
  }
}

function toRow({ text, line }: Piece, path: string): Row {
  const reading = parseJson(text);
  if (reading.kind === "malformed") {
    const wrong = line + newlinesIn(text.slice(0, reading.at));
    throw new RrrError("bad-item", `${path}, line ${wrong} is no JSON: ${reading.problem}`);
  }
  const place = `${path}, line ${line}`;
  if (!isJsonObject(reading.value)) throw new RrrError("bad-item", `${place}: a row must be an object`);
  return { fields: reading.value, place };
}

async function* readPieces(path: string): AsyncGenerator<Piece, void> {
  let splitter: Splitter | undefined;
  try {
    for await (const chunk of createReadStream(path, "utf8") as AsyncIterable<string>) {
      if (splitter !== undefined) {
        yield* splitter.add(chunk);
        continue;
      }
      const start = chunk.replace(/^\ufeff/, "");
      splitter = start.trimStart().startsWith("[") ? createArraySplitter(path) : createLineSplitter(path);
      yield* splitter.add(start);
    }
    yield* splitter?.end() ?? [];
  } catch (cause) {
    if (RrrError.is(cause)) throw cause;
    throw new RrrError("bad-argument", `cannot read ${path}: ${messageOf(cause)}`, { cause });
  }
}

import { readFileSync } from "node:fs";
import { messageOf, RrrError } from "@rrr/core";

/** Reads a JSON Lines file. @throws RrrError `bad-item` that names the file and the line */
export function readProblems<Item>(
  file: string | URL,
  isItem: (value: unknown) => value is Item,
): readonly Item[] {
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.flatMap((line, i) => {
    if (line.trim() === "") return [];
    const value = parse(line, `${file}, line ${i + 1}`);
    if (!isItem(value)) throw new RrrError("bad-item", `${file}, line ${i + 1} is no problem: ${line}`);
    return [value];
  });
}

function parse(line: string, where: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new RrrError("bad-item", `${where} is not JSON: ${messageOf(cause)}`, { cause });
  }
}

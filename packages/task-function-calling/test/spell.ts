import type { Random } from "@rrr/core";
import { isJsonArray, isJsonObject, type Json, JsonNumber } from "../src/json/json.ts";

/** A JSON value as text, with blanks, key order, escapes and numbers written in one of the ways that mean the same. */
export function spell(random: Random, json: Json): string {
  const blank = (): string => random.pick(["", "", "", " ", "\n  ", "\t"]);
  if (json instanceof JsonNumber) return spellNumber(random, json.text);
  if (typeof json === "string") return spellText(random, json);
  if (isJsonArray(json))
    return `[${blank()}${json.map((one) => spell(random, one)).join(`${blank()},`)}${blank()}]`;
  if (!isJsonObject(json)) return String(json);
  const members = random.shuffle([...json]);
  const texts = members.map(
    ([key, value]) => `${spellText(random, key)}${blank()}:${blank()}${spell(random, value)}`,
  );
  return `{${blank()}${texts.join(`,${blank()}`)}${blank()}}`;
}

function spellNumber(random: Random, text: string): string {
  if (random.int(3) > 0 || text === "0") return text;
  const [whole = "", fraction] = text.split(".");
  if (fraction !== undefined) return random.pick([`${text}0`, `${text}e0`, `${text}E+00`]);
  return random.pick([`${whole}.0`, `${whole}e0`, `${whole}0e-1`, `${whole}.000E+0`]);
}

function spellText(random: Random, text: string): string {
  const escaped = random.int(12) === 0;
  const spelled = [...text].map((letter) =>
    escaped && letter.length === 1 && random.int(3) === 0
      ? `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`
      : JSON.stringify(letter).slice(1, -1),
  );
  return `"${spelled.join("")}"`;
}

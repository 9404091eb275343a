import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { namedSettings } from "./setting-source.ts";

const PAGE = new URL("../../../../docs/training.md", import.meta.url);

/** The table of the page, without the spaces that make its columns. */
const rows = readFileSync(PAGE, "utf8")
  .split("\n")
  .filter((line) => line.startsWith("| `"))
  .map((line) => line.split("|").map((cell) => cell.trim()));

test("docs/training.md has every value of the named settings, with where it comes from", () => {
  const shown = (value: unknown) =>
    typeof value === "number" && value < 1e-3 && value !== 0 ? value.toExponential() : String(value);
  const cell = (name: string, settings: Parameters<typeof namedSettings>[0]) => {
    const found = namedSettings(settings).find((setting) => setting.name === name);
    return found === undefined ? "–" : `${shown(found.value)} (${found.source})`;
  };
  const names = new Set(
    (["builtin", "lora-small", "paper"] as const).flatMap((each) =>
      namedSettings(each).map(({ name }) => name),
    ),
  );
  for (const name of names) {
    const expected = [
      "",
      `\`${name}\``,
      cell(name, "builtin"),
      cell(name, "lora-small"),
      cell(name, "paper"),
      "",
    ];
    expect(rows).toContainEqual(expected);
  }
});

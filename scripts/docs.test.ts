/** The guides say what the code says. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { cliPage } from "../docs/tools/cli-page.ts";
import { HINTS } from "../packages/cli/src/output/hints.ts";
import { createDatabase } from "../packages/runs/src/store/database.ts";
import { SCHEMA } from "../packages/runs/src/store/schema.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), "utf8");

test("docs/cli.md is what the command line says of itself: `npx tsx docs/tools/cli-page.ts` writes it", () => {
  expect(read("docs/cli.md")).toBe(cliPage());
});

test("docs/troubleshooting.md has an entry for every error code, in the order of errors.ts", () => {
  const page = read("docs/troubleshooting.md");
  const entries = [...page.slice(page.indexOf("\n## Error codes\n")).matchAll(/^### `(.+)`$/gm)];
  expect(entries.map(([, code]) => code)).toEqual([...Object.keys(HINTS), "unexpected"]);
});

test("docs/cli.md names every environment variable that the command reads", () => {
  const page = read("docs/cli.md");
  const named = ["packages/cli/src", "packages/models/src"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts"))
      .flatMap(
        (path) => read(join(folder, path)).match(/\b(RRR_[A-Z_]+|[A-Z]+_API_KEY|XDG_[A-Z_]+)\b/g) ?? [],
      ),
  );
  expect([...new Set(named)].filter((name) => !page.includes(name))).toEqual([]);
});

test("docs/README.md lists every page", () => {
  const pages = readdirSync(join(root, "docs")).filter(
    (name) => name.endsWith(".md") && name !== "README.md",
  );
  expect(pages.filter((name) => !read("docs/README.md").includes(`](${name})`))).toEqual([]);
});

test("docs/run-store.md has every table and column of the store, and no other", () => {
  const rows = (text: string, row: RegExp, cell: RegExp): string[] =>
    [...text.matchAll(row)].flatMap(([, cells = ""]) =>
      [...cells.matchAll(cell)].map(([, name = ""]) => name),
    );
  const tables = [...SCHEMA.matchAll(/CREATE TABLE (\w+) \((.*?)^\)/gms)];
  const declared = tables.map(([, name, body = ""]) => [
    name,
    rows(body, /^ {2}([a-z_]+) /gm, /(.+)/g).sort(),
  ]);
  const sections = read("docs/run-store.md").split(/^### /m).slice(1);
  const documented = sections.flatMap((section) => {
    const name = /^`(\w+)`: /.exec(section)?.[1];
    return name === undefined ? [] : [[name, rows(section, /^\|([^|]*)\|/gm, /`(\w+)`/g).sort()]];
  });
  expect(documented).toEqual(declared);
});

test("the SQL of docs/run-store.md fits the tables", () => {
  const folder = mkdtempSync(join(tmpdir(), "rrr-sql-"));
  const db = createDatabase(folder);
  try {
    db.exec(SCHEMA);
    const blocks = [...read("docs/run-store.md").matchAll(/^```sql\n(.*?)^```/gms)];
    expect(blocks.length).toBeGreaterThan(0);
    for (const [, sql = ""] of blocks) db.exec(sql);
  } finally {
    db.close();
    rmSync(folder, { recursive: true });
  }
});

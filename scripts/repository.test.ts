/** What a clone has. */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../", import.meta.url));

test("git ignores no source: what works here works in a clone", () => {
  const args = [
    "ls-files",
    "--others",
    "--ignored",
    "--exclude-standard",
    "-z",
    "--",
    "*.ts",
    "*.mjs",
    "*.md",
  ];
  const ignored = execFileSync("git", args, { cwd: root, encoding: "utf8" }).split("\0");
  const made = /(^|\/)(node_modules|dist)\/|^(\.scratch|coverage|docs\/api|runs|rrr-task-[^/]+)\//;
  expect(ignored.filter((path) => path !== "" && !made.test(path))).toEqual([]);
});

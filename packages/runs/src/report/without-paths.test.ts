import { expect, test } from "vitest";
import { withoutPaths } from "./without-paths.ts";

test.each([
  ["a folder", "/home/me/models/tiny", "tiny"],
  ["signs that paths rarely have", "/home/josé/my model+v2 (old)/tiny", "tiny"],
  ["a folder below the root", "/models", "models"],
  ["a folder of Windows", "C:\\Users\\me\\tiny", "tiny"],
  ["a share", "\\\\server\\me\\tiny", "tiny"],
  ["an address of a file", "file:///home/me/task.js", "task.js"],
])("%s is told by its last part", (_, path, last) => {
  const values = { model: { folder: path }, options: [{ data: `${path}` }] };
  expect(withoutPaths(JSON.stringify(values), values)).toBe(
    JSON.stringify({ model: { folder: last }, options: [{ data: last }] }),
  );
  expect(withoutPaths(`model ${path} · 8 problems`, values)).toBe(`model ${last} · 8 problems`);
});

test("of two paths the longer one goes first, and what is no path stays", () => {
  const values = ["/home/me", "/home/me/a/b", "org/name", "/", "and/or", "https://example.org/a/b"];
  expect(withoutPaths("/home/me/a/b /home/me org/name and/or https://example.org/a/b", values)).toBe(
    "b me org/name and/or https://example.org/a/b",
  );
});

test("a path of a sentence is told by its last part", () => {
  expect(withoutPaths('cannot read "/var/lib/x/y.json"; 3/4 pass', [])).toBe(
    'cannot read "y.json"; 3/4 pass',
  );
});

import { readFile } from "node:fs/promises";
import { expect, test, vi } from "vitest";

test("the README's example is this one, and it learns", async () => {
  const [readme, example] = await Promise.all(
    ["../README.md", "./readme-example.ts"].map((path) => readFile(new URL(path, import.meta.url), "utf8")),
  );
  expect(readme).toContain(example);
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  await import("./readme-example.ts");
  const losses = log.mock.calls.map(([line]) => Number(String(line).split(" ").at(-1)));
  log.mockRestore();
  expect(losses).toHaveLength(6);
  expect(losses.at(-1)).toBeLessThan((losses[0] as number) / 20);
});

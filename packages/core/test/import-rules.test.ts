import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

/**
 * Imports point one way: from who uses to who is used. What may be imported of ours, by package folder; a folder that
 * is not listed here is a task, and tasks see core alone.
 */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  core: [],
  autodiff: [],
  "builtin-model": [],
  models: ["@rrr/core"],
  viewer: [],
  trainer: ["@rrr/core"],
  "engine-onnx": ["@rrr/core", "@rrr/trainer", "@rrr/autodiff"],
  plugins: ["@rrr/core", "@rrr/trainer"],
  runs: ["@rrr/core", "@rrr/trainer"],
  cli: [
    "@rrr/core",
    "@rrr/plugins",
    "@rrr/runs",
    "@rrr/trainer",
    "@rrr/engine-onnx",
    "@rrr/models",
    "@rrr/builtin-model",
    "@rrr/task-*",
  ],
};
const TASK = ["@rrr/core"];

const packages = new URL("../../", import.meta.url).pathname;

/** Sources that are shipped: tests and recipes may look wherever they need to. */
function sourcesOf(folder: string): string[] {
  const src = join(packages, folder, "src");
  return readdirSync(src, { recursive: true, encoding: "utf8" })
    .filter((path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$/.test(path))
    .map((path) => join(src, path));
}

/** Packages of ours that a source names in an import, an export or a dynamic import. */
function importsOf(source: string): string[] {
  const imports = source.matchAll(/(?:\bfrom|\bimport|\bimport\()\s*["'](@rrr\/[a-z-]+)/g);
  return [...imports].map((found) => found[1] as string);
}

function isAllowed(name: string, folder: string): boolean {
  const allowed = ALLOWED[folder] ?? TASK;
  return allowed.some((each) => (each.endsWith("*") ? name.startsWith(each.slice(0, -1)) : name === each));
}

const folders = readdirSync(packages, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

describe("imports flow one way", () => {
  it("finds the packages, and imports in them", () => {
    expect(folders).toContain("task-countdown");
    expect(sourcesOf("trainer").flatMap((path) => importsOf(readFileSync(path, "utf8")))).toContain(
      "@rrr/core",
    );
  });

  it.each(folders)("packages/%s", (folder) => {
    const wrong = sourcesOf(folder).flatMap((path) =>
      importsOf(readFileSync(path, "utf8"))
        .filter((name) => !isAllowed(name, folder))
        .map((name) => `${path.slice(packages.length)} imports ${name}`),
    );
    expect(wrong).toEqual([]);
  });

  it.each(folders)("packages/%s leaves its folder only by package name", (folder) => {
    const src = join(packages, folder, "src");
    const outside = sourcesOf(folder).filter((path) => {
      const up = [...readFileSync(path, "utf8").matchAll(/from\s*["']((?:\.\.\/)+)/g)];
      const depth = path.slice(src.length + 1).split("/").length - 1;
      return up.some((found) => (found[1] as string).length / 3 > depth);
    });
    expect(outside).toEqual([]);
  });
});

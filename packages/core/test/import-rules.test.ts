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
  trainer: ["@rrr/core"],
  "engine-onnx": ["@rrr/core", "@rrr/trainer", "@rrr/autodiff"],
  "engine-tfjs": ["@rrr/core", "@rrr/trainer"],
  "tinker-protocol": ["@rrr/core"],
  "engine-tinker": ["@rrr/core", "@rrr/tinker-protocol", "@rrr/trainer"],
  server: ["@rrr/core", "@rrr/runs", "@rrr/tinker-protocol", "@rrr/trainer"],
  viewer: ["@rrr/charts", "@rrr/core"],
  plugins: ["@rrr/core", "@rrr/trainer"],
  runs: ["@rrr/core", "@rrr/plugins", "@rrr/trainer"],
  charts: [],
  cli: [
    ...["@rrr/core", "@rrr/plugins", "@rrr/runs", "@rrr/trainer", "@rrr/engine-onnx", "@rrr/models"],
    ...["@rrr/builtin-model", "@rrr/server", "@rrr/charts", "@rrr/viewer", "@rrr/task-*"],
  ],
};
const TASK = ["@rrr/core"];

/** Loaded only by those who need them: by a dynamic import, or for their types, which are gone when it runs. */
const LAZY: Readonly<Record<string, readonly string[]>> = {
  runs: ["@rrr/models", "@rrr/builtin-model", "@rrr/engine-*"],
  charts: ["@rrr/runs"],
  viewer: ["@rrr/runs", "@rrr/server"],
};

const packages = new URL("../../", import.meta.url).pathname;

/** Sources that are shipped: tests and recipes may look wherever they need to. */
function sourcesOf(folder: string): string[] {
  const src = join(packages, folder, "src");
  return readdirSync(src, { recursive: true, encoding: "utf8" })
    .filter((path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$/.test(path))
    .map((path) => join(src, path));
}

interface Import {
  readonly name: string;
  /** Whether it loads the package with the module that names it. */
  readonly isEager: boolean;
}

/** Packages of ours that a source names in an import, an export or a dynamic import. */
function importsOf(source: string): Import[] {
  const code = source.replaceAll(/^\s*\*.*$/gm, "");
  const all = code.matchAll(
    /(\b(?:import|export)\s+type\s[^;]*?\bfrom|\b(?:import|export)\s[^;]*?\bfrom|\bimport\s*\(|\bimport)\s*["'](@rrr\/[a-z-]+)/g,
  );
  return [...all].map(([, how = "", name = ""]) => ({
    name,
    isEager: !/^(import|export)\s+type\s/.test(how) && !how.includes("("),
  }));
}

function isAmong(name: string, allowed: readonly string[]): boolean {
  return allowed.some((each) => (each.endsWith("*") ? name.startsWith(each.slice(0, -1)) : name === each));
}

function isAllowed({ name, isEager }: Import, folder: string): boolean {
  return isAmong(name, ALLOWED[folder] ?? TASK) || (!isEager && isAmong(name, LAZY[folder] ?? []));
}

const folders = readdirSync(packages, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

describe("imports flow one way", () => {
  it("finds the packages, and imports in them", () => {
    expect(folders).toContain("task-countdown");
    expect(sourcesOf("trainer").flatMap((path) => importsOf(readFileSync(path, "utf8")))).toContainEqual({
      name: "@rrr/core",
      isEager: true,
    });
  });

  it("tells what loads a package from what only names it", () => {
    const source = `
import { a } from "@rrr/core";
import type { B } from "@rrr/models";
import { type C } from "@rrr/trainer";
export { d } from "@rrr/plugins";
import "@rrr/runs";
const e = () => import("@rrr/engine-onnx");
`;
    expect(importsOf(source).map(({ name, isEager }) => `${name} ${isEager}`)).toEqual([
      ...["@rrr/core true", "@rrr/models false", "@rrr/trainer true", "@rrr/plugins true", "@rrr/runs true"],
      "@rrr/engine-onnx false",
    ]);
  });

  it.each(folders)("packages/%s", (folder) => {
    const wrong = sourcesOf(folder).flatMap((path) =>
      importsOf(readFileSync(path, "utf8"))
        .filter((found) => !isAllowed(found, folder))
        .map(({ name }) => `${path.slice(packages.length)} imports ${name}`),
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

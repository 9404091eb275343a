/** Stamps: the hash of what went into a step of the set-up, kept beside what came out of it. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "./process.mjs";

const isSource = (name) => /\.(tsx?|js|json|css|html|svg)$/.test(name) && !name.endsWith(".test.ts");

/** Paths of the workspace's package.json files, relative to the root. */
export function manifests() {
  const packages = readdirSync(join(root, "packages")).map((name) => `packages/${name}/package.json`);
  return ["package.json", "examples/package.json", "benchmarks/package.json", ...packages].filter((path) =>
    existsSync(join(root, path)),
  );
}

/** Everything that decides what node_modules holds. */
export function installHash() {
  return hash([...manifests(), "pnpm-lock.yaml", "pnpm-workspace.yaml"], [process.platform, process.arch]);
}

/** Whether every package has the links to its dependencies: somebody may have cleaned up. */
export function isLinked() {
  return manifests().every((path) => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, path), "utf8"));
    return Object.keys({ ...dependencies, ...devDependencies }).every((name) =>
      existsSync(join(root, dirname(path), "node_modules", name)),
    );
  });
}

/** Everything that decides what the packages' dist folders hold. */
export function buildHash() {
  const sources = readdirSync(join(root, "packages")).flatMap((name) => [
    ...filesUnder(`packages/${name}/src`),
    `packages/${name}/tsup.config.ts`,
    `packages/${name}/vite.config.ts`,
    `packages/${name}/tsconfig.json`,
  ]);
  return hash(
    [...sources.filter((path) => existsSync(join(root, path))), "tsconfig.base.json"],
    [installHash()],
  );
}

/** Whether every package that is to be built has its dist folder: somebody may have cleaned up. */
export function isBuilt() {
  return readdirSync(join(root, "packages")).every(
    (name) =>
      !existsSync(join(root, `packages/${name}/tsup.config.ts`)) ||
      existsSync(join(root, `packages/${name}/dist`)),
  );
}

const stampPath = (step) => join(root, "node_modules", ".rrr-setup", step);

export function isFresh(step, expected) {
  const path = stampPath(step);
  return existsSync(path) && readFileSync(path, "utf8") === expected;
}

export function writeStamp(step, value) {
  mkdirSync(dirname(stampPath(step)), { recursive: true });
  writeFileSync(stampPath(step), value);
}

function filesUnder(folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return filesUnder(path);
      return isSource(entry.name) ? [path] : [];
    })
    .sort();
}

function hash(paths, extra) {
  const sum = createHash("sha256");
  for (const text of extra) sum.update(`${text}\0`);
  for (const path of paths)
    sum
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update("\0");
  return sum.digest("hex");
}

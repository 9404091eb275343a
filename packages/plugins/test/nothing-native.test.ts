import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

/** The native modules that a process has loaded once it has run some code, in a package's folder. */
function nativeAfter(code: string, folder = "plugins"): readonly string[] {
  const program = `${code}; console.log(JSON.stringify(process.report.getReport().sharedObjects))`;
  const stdout = execFileSync(process.execPath, ["--input-type=module", "-e", program], {
    cwd: fileURLToPath(new URL(`../../${folder}/`, import.meta.url)),
    encoding: "utf8",
  });
  const objects: readonly string[] = JSON.parse(stdout);
  return objects.filter((path) => path.endsWith(".node"));
}

// A program that scores answers, or a page that shows a run, carries no runtime of 289 MB.
test("importing @rrr/plugins and @rrr/trainer loads no native module", () => {
  expect(nativeAfter('await import("@rrr/plugins"); await import("@rrr/trainer")')).toEqual([]);
  const open =
    'await (await import("@rrr/plugins")).openEngine({ name: "absent", model: "" }).catch(() => {})';
  expect(nativeAfter(open)).toEqual([]);
});

test("a native module would be seen", () => {
  const loaded = nativeAfter('await import("onnxruntime-node")', "engine-onnx");
  expect(loaded.some((path) => path.includes("onnxruntime"))).toBe(true);
});

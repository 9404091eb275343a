import { expect, it } from "vitest";
import { ownFlags, threadFlags } from "./flags.ts";

it("keeps a process's flags but those of a program on the command line", () => {
  expect(ownFlags(["--import", "tsx", "--input-type=module", "--eval", "1 + 1"])).toEqual([
    "--import",
    "tsx",
  ]);
  expect(ownFlags(["--input-type", "module", "-e", "x", "--expose-gc"])).toEqual(["--expose-gc"]);
  expect(ownFlags(["--enable-source-maps", "--print=2"])).toEqual(["--enable-source-maps"]);
  expect(ownFlags([])).toEqual([]);
});

it("a thread inherits them, but beside a program is given those of modules alone", () => {
  expect(threadFlags(["--import", "tsx", "--expose-gc"])).toBeUndefined();
  expect(
    threadFlags(["--expose-gc", "--import", "tsx", "--title", "x", "--input-type=module", "-e", "1"]),
  ).toEqual(["--import", "tsx"]);
});

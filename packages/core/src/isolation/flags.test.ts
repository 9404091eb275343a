import { expect, it } from "vitest";
import { ownFlags } from "./flags.ts";

it("keeps a process's flags but those of a program on the command line", () => {
  expect(ownFlags(["--import", "tsx", "--input-type=module", "--eval", "1 + 1"])).toEqual([
    "--import",
    "tsx",
  ]);
  expect(ownFlags(["--input-type", "module", "-e", "x", "--expose-gc"])).toEqual(["--expose-gc"]);
  expect(ownFlags(["--enable-source-maps", "--print=2"])).toEqual(["--enable-source-maps"]);
  expect(ownFlags([])).toEqual([]);
});

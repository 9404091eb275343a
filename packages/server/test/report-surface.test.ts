import * as report from "@rrr/server/report";
import { expect, it } from "vitest";

// To add a name here is to promise it; to remove one is to break somebody's program.
it("@rrr/server/report exports this and nothing else", () => {
  expect(Object.keys(report)).toEqual(["createReport"]);
});

import * as builtinModel from "@rrr/builtin-model";
import { expect, it } from "vitest";

// To add a name here is to promise it; to remove one is to break somebody's program.
it("@rrr/builtin-model exports this and nothing else", () => {
  expect(Object.keys(builtinModel).toSorted()).toEqual(["builtinModelDir", "isBuiltinModelDir"]);
});

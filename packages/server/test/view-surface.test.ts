import * as view from "@rrr/server/view";
import { expect, it } from "vitest";

// To add a name here is to promise it; to remove one is to break somebody's program.
it("@rrr/server/view exports this and nothing else", () => {
  expect(Object.keys(view).toSorted()).toEqual([
    "createRunLibrary",
    "createTrial",
    "createViewHandler",
    "readAssets",
  ]);
});

import * as engine from "@rrr/engine-tfjs";
import { expect, it } from "vitest";

// To add a name here is to promise it; to remove one is to break somebody's program.
it("@rrr/engine-tfjs exports this and nothing else", () => {
  expect(Object.keys(engine).toSorted()).toEqual(["createTfjsEngine", "default"]);
});

import * as server from "@rrr/server";
import { expect, it } from "vitest";

// To add a name here is to promise it; to remove one is to break somebody's program.
it("@rrr/server exports this and nothing else", () => {
  expect(Object.keys(server).toSorted()).toEqual(["createTaskHandler", "createTinkerHandler", "listen"]);
});

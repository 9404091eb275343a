import * as plugins from "@rrr/plugins";
import { expect, it } from "vitest";

// To add a name here is to promise it; to remove one is to break somebody's program.
it("@rrr/plugins exports this and nothing else", () => {
  expect(Object.keys(plugins).toSorted()).toEqual([
    "checkPlugin",
    "comesWithRrr",
    "defaultOf",
    "episodePrompts",
    "guardPlugins",
    "importModule",
    "isolatePlugin",
    "listPlugins",
    "loadTask",
    "located",
    "moduleFiles",
    "openEngine",
    "packageOf",
    "pluginOptions",
    "presetsOf",
    "resolvePlugin",
    "verifyLines",
  ]);
});

import * as cli from "@rrr/cli";
import * as config from "@rrr/cli/config";
import { expect, it } from "vitest";
import manifest from "../package.json" with { type: "json" };

// To add a name here is to promise it; to remove one is to break somebody's program.
it("@rrr/cli exports this and nothing else", () => {
  expect(Object.keys(cli).toSorted()).toEqual(["checkText", "initTask"]);
});

it("@rrr/cli/config exports this and nothing else", () => {
  expect(Object.keys(config)).toEqual(["defineConfig"]);
});

it("@rrr/cli has these entries and no other", () => {
  expect(Object.keys(manifest.exports)).toEqual([".", "./config", "./package.json"]);
});

import * as models from "@rrr/models";
import * as testing from "@rrr/models/testing";
import { expect, it } from "vitest";

// To add a name here is to promise it; to remove one is to break somebody's program.
it("@rrr/models exports this and nothing else", () => {
  expect(Object.keys(models).toSorted()).toEqual([
    "HUB_URL",
    "OPENAI_URL",
    "checkOpenOptions",
    "clearCache",
    "createBudget",
    "createOpenAIModel",
    "createTransformersModel",
    "folderHash",
    "fromAISDK",
    "isLocalAddress",
    "isTransformersInstalled",
    "listServerModels",
    "openModel",
    "openResponseCache",
    "parseModelSpec",
    "priceOf",
    "pullModel",
    "readCacheContents",
    "readPrices",
    "responseCachePath",
    "servedModel",
    "withBudget",
    "withCache",
  ]);
});

it("@rrr/models/testing exports this and nothing else", () => {
  expect(Object.keys(testing).toSorted()).toEqual([
    "FAULT_KINDS",
    "createFaultServer",
    "rightAnswer",
    "runFaultCampaign",
  ]);
});

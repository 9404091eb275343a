import * as core from "@rrr/core";
import * as database from "@rrr/core/database";
import * as isolation from "@rrr/core/isolation";
import * as testing from "@rrr/core/testing";
import { expect, it } from "vitest";

// To add a name here is to promise it; to remove one is to break somebody's plugin.
it("@rrr/core exports this and nothing else", () => {
  expect(Object.keys(core).toSorted()).toEqual([
    "DEFAULT_LIMITS",
    "RETRY_LAYOUTS",
    "RrrError",
    "THOUGHT_TAGS",
    "apartFromOpened",
    "assertTask",
    "attemptPrompt",
    "blindRetryPrompt",
    "checkOptions",
    "checkSettings",
    "checkedOptions",
    "clusteredDifference",
    "clusteredShare",
    "countPairs",
    "createRandom",
    "defaultReflectionRequest",
    "definePlugin",
    "defineTask",
    "deriveKey",
    "fail",
    "groupAdvantages",
    "hasToolsSlot",
    "invalid",
    "isHeldOut",
    "isOnlyThought",
    "itemsOf",
    "mcnemarExact",
    "meanInterval",
    "messageOf",
    "nearestName",
    "oneOf",
    "pairedDifference",
    "parseItem",
    "pass",
    "passAtK",
    "readTemplateHistory",
    "reflectAndRetryGroup",
    "reflectionLeaks",
    "reflectionPrompt",
    "retryLayoutOf",
    "retryPrompt",
    "runAnswer",
    "runAttempt",
    "runEpisode",
    "runRounds",
    "schemaOf",
    "serverToolNames",
    "setting",
    "shownAnswer",
    "shownItem",
    "take",
    "toFailure",
    "tokenCount",
    "toolsOf",
    "uniformAt",
    "verifyWithin",
    "visible",
    "visibleJson",
    "visibleLine",
    "wilson",
    "withHidden",
    "withToolsAsText",
  ]);
});

it("@rrr/core/testing exports this and nothing else", () => {
  expect(Object.keys(testing).toSorted()).toEqual([
    "TASK_FINDING_CODES",
    "assertModelConforms",
    "assertTaskConforms",
    "promptCopies",
    "scriptedModel",
    "testModel",
    "testTask",
  ]);
});

it("@rrr/core/database exports this and nothing else", () => {
  expect(Object.keys(database).toSorted()).toEqual([
    "checkDatabaseFiles",
    "checkKind",
    "readSchema",
    "schemaHash",
  ]);
});

it("@rrr/core/isolation exports this and nothing else", () => {
  expect(Object.keys(isolation).toSorted()).toEqual([
    "commandVerifier",
    "divertInput",
    "divertOutput",
    "isolate",
  ]);
});

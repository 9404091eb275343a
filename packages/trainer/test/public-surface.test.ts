import * as trainer from "@rrr/trainer";
import * as testing from "@rrr/trainer/testing";
import { expect, it } from "vitest";

// To add a name here is to promise it; to remove one is to break somebody's program.
it("@rrr/trainer exports this and nothing else", () => {
  expect(Object.keys(trainer).toSorted()).toEqual([
    "DEFAULT_EVALUATION_SETTINGS",
    "DEFAULT_MINING_SETTINGS",
    "DEFAULT_PRETRAIN_SETTINGS",
    "MEASURES",
    "SURROGATES",
    "TRAIN_SETTINGS",
    "asksFor",
    "assertEngine",
    "assertEnginePlugin",
    "checkCapabilities",
    "checkEvaluationSettings",
    "checkHistory",
    "checkMiningSettings",
    "checkTrainSettings",
    "clippedTokens",
    "compareEvaluations",
    "compareMeasures",
    "compareOutcomes",
    "countedTable",
    "countingTokens",
    "createMemoryRecord",
    "createPolicy",
    "createTokenizer",
    "defineEngine",
    "divergedModel",
    "elements",
    "evaluate",
    "familyOf",
    "initWeights",
    "isComplete",
    "isSampledAlike",
    "isWeight",
    "loadCheckpoint",
    "loadTokenizer",
    "lossOf",
    "measuresOf",
    "mine",
    "modelDirFiles",
    "newestCheckpoint",
    "ownFiles",
    "parseConfig",
    "pretrain",
    "readModelDir",
    "readSafetensors",
    "removeOwnFiles",
    "resultOf",
    "retryControlsOf",
    "saveCheckpoint",
    "summarize",
    "toHuggingFaceConfig",
    "toModelFiles",
    "train",
    "weightShapes",
    "writeDirDurably",
    "writeModelDir",
    "writeSafetensors",
  ]);
});

it("@rrr/trainer/testing exports this and nothing else", () => {
  expect(Object.keys(testing).toSorted()).toEqual([
    "MICRO_CONFIG",
    "microModel",
    "microTextFiles",
    "testEngine",
  ]);
});

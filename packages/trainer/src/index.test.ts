import { expect, test } from "vitest";
import * as trainer from "./index.ts";

test("the public surface changes only on purpose", () => {
  expect(Object.keys(trainer).sort()).toEqual([
    "DEFAULT_EVALUATION_SETTINGS",
    "DEFAULT_MINING_SETTINGS",
    "DEFAULT_PRETRAIN_SETTINGS",
    "MEASURES",
    "TRAIN_PRESETS",
    "checkWeights",
    "compareEvaluations",
    "compareMeasures",
    "createOnnxEngine",
    "createPolicy",
    "createTokenizer",
    "evaluate",
    "initWeights",
    "learningRateAt",
    "loadCheckpoint",
    "loadTokenizer",
    "mine",
    "newestCheckpoint",
    "parseConfig",
    "pretrain",
    "readCheckpoint",
    "readModelDir",
    "readSafetensors",
    "resultOf",
    "saveCheckpoint",
    "toHuggingFaceConfig",
    "toModelFiles",
    "train",
    "weightShapes",
    "writeModelDir",
    "writeSafetensors",
  ]);
});

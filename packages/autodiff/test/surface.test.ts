import { expect, test } from "vitest";
import * as autodiff from "../src/index.ts";

test("the package exports this and nothing else", () => {
  expect(Object.keys(autodiff).sort().join(" ")).toMatchInlineSnapshot(
    `"AutodiffError abs add and argMax attention broadcastTo cast clip concat createDeviceMemory createGraph createSession createSessionCache cumSum differentiable div equal exp gather gatherElements gradients greater greaterOrEqual less lessOrEqual log logSoftmax matmul max maximum mean minimum mul neg not oneHot or pick pow reciprocal relu reshape rmsNorm rotary rsqrt sigmoid silu slice softmax split sqrt square stopGradient sub sum swiglu tanh toOnnx transpose where"`,
  );
});

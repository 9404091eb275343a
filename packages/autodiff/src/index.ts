export { type Derivation, differentiable, type Pullback } from "./derivation.ts";
export { AutodiffError, type AutodiffErrorCode } from "./errors.ts";
export { gradients } from "./gradients.ts";
export { type Attribute, type Attributes, createGraph, type Graph, type OutputType } from "./graph.ts";
export type { SessionOptions } from "./native-session.ts";
export { type OnnxOptions, toOnnx } from "./onnx/model.ts";
export { silu, swiglu } from "./ops/activation.ts";
export { add, div, mul, neg, sub } from "./ops/arithmetic.ts";
export { type AttentionOptions, attention } from "./ops/attention.ts";
export { broadcastTo } from "./ops/broadcast.ts";
export {
  and,
  cast,
  clip,
  equal,
  greater,
  greaterOrEqual,
  less,
  lessOrEqual,
  maximum,
  minimum,
  not,
  or,
  relu,
  stopGradient,
  where,
} from "./ops/compare.ts";
export { gather, gatherElements, type Index, oneHot, pick } from "./ops/gather.ts";
export { type MatmulOptions, matmul } from "./ops/matmul.ts";
export { rmsNorm } from "./ops/norm.ts";
export { argMax, cumSum, max, mean, type ReduceOptions, sum } from "./ops/reduce.ts";
export { rotary } from "./ops/rotary.ts";
export { concat, reshape, slice, split, transpose } from "./ops/shape.ts";
export { logSoftmax, softmax } from "./ops/softmax.ts";
export { abs, exp, log, pow, reciprocal, rsqrt, sigmoid, sqrt, square, tanh } from "./ops/unary.ts";
export {
  createSession,
  type DeviceOptions,
  type Feeds,
  type Results,
  type RunOptions,
  type Session,
} from "./session.ts";
export { type Closable, createSessionCache, type SessionCache } from "./session-cache.ts";
export type { AnyTensor, DType, Operand, Shape, Tensor, TensorData } from "./tensor.ts";
export { createDeviceMemory, type DeviceMemory, type Resident } from "./webgpu/device-memory.ts";
export type { Device } from "./webgpu/provider.ts";

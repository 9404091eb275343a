/** The API of TensorFlow.js: that of `tfjs-core`, which each of its packages has. */
export type Tf = typeof import("@tensorflow/tfjs-core");
export type { Scalar, Tensor, TensorContainer } from "@tensorflow/tfjs-core";

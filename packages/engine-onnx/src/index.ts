export { createOnnxEngine, type OnnxEngineOptions } from "./engine.ts";
export { exportOnnx } from "./export/export-onnx.ts";
export { plugin as default } from "./plugin.ts";

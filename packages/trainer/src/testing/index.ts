export { MICRO_CONFIG, microModel, microTextFiles } from "./micro-model.ts";
export {
  type EngineFindingCode,
  type EngineTest,
  type EngineTestSettings,
  testEngine,
  type Untested,
} from "./test-engine.ts";

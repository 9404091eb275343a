export { type EngineFindingCode, type EngineTestSettings, testEngine } from "./test-engine.ts";

export type { Reduction } from "./carrier.ts";
export { createTinkerEngine } from "./engine.ts";
export { plugin as default, type TinkerEngineOptions } from "./plugin.ts";
export type { Dialect, TinkerEngineSettings } from "./settings.ts";

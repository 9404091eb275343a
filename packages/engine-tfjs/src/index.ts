export { createTfjsEngine, type TfjsEngineOptions } from "./engine.ts";
export { plugin as default } from "./plugin.ts";
export type { BackendName } from "./runtime/candidates.ts";

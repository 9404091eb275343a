export { type Listening, type ListenSettings, listen } from "./listen.ts";
export { createTinkerHandler, type TinkerHandler } from "./tinker/handler.ts";
export type { Reduction, ServedModel, TinkerSettings } from "./tinker/served.ts";

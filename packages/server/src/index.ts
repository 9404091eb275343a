export type { SocketSession, Sockets } from "./http/sockets.ts";
export { type Listening, type ListenSettings, listen } from "./listen.ts";
export { createTaskHandler, type TaskHandler } from "./task/handler.ts";
export type { TaskProtocol, TaskServerSettings } from "./task/task-settings.ts";
export { createTinkerHandler, type TinkerHandler } from "./tinker/handler.ts";
export type { Reduction, ServedModel, TinkerSettings } from "./tinker/served.ts";

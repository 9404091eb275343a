// Verifiers elsewhere: in threads, in processes, in other languages. For Node; `@rrr/core` itself runs anywhere.
export { type CommandSettings, type CommandVerifier, commandVerifier } from "./command-verifier.ts";
export { divertInput } from "./divert-input.ts";
export { divertOutput } from "./divert-output.ts";
export { type IsolatedTask, type IsolationSettings, isolate } from "./isolate.ts";
export type { TaskSource } from "./task-source.ts";

export type { Finding } from "./finding.ts";
export { type ScriptedRequest, scriptedModel } from "./scripted-model.ts";
export { take } from "./take.ts";
export { assertModelConforms, type ModelFindingCode, testModel } from "./test-model.ts";
export { assertTaskConforms, type TaskFindingCode, type TestTaskSettings, testTask } from "./test-task.ts";

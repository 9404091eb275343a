export type { Finding } from "./finding.ts";
export { type PromptCopy, promptCopies } from "./prompt-copies.ts";
export { type ScriptedRequest, scriptedModel } from "./scripted-model.ts";
export { TASK_FINDING_CODES, type TaskFindingCode, type TaskProgress } from "./task-finding.ts";
export { assertModelConforms, type ModelFindingCode, testModel } from "./test-model.ts";
export { assertTaskConforms, type TestTaskSettings, testTask } from "./test-task.ts";

// The command keeps the command line: everything else is in the packages that it is made of. Importing this runs nothing.

export { checkText } from "./check/check-text.ts";
export { type InitSettings, initTask } from "./init/init.ts";
export type { TemplateName } from "./init/templates.ts";

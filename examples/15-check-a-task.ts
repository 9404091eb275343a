// `rrr check` from a program: the conformance suite in a process of its own, so that a task may hang or crash.
import { fileURLToPath } from "node:url";
import { checkText } from "@rrr/cli";
import { checkPlugin } from "@rrr/plugins";

const plugin = fileURLToPath(new URL("tasks/backwards.ts", import.meta.url));
const report = await checkPlugin(plugin, { count: 50, patienceMs: 10_000 });
for (const { code, message } of report.findings) console.error(`${code}: ${message}`);
console.log(
  checkText({ ...report, verdict: undefined, task: { ...report.task, file: "tasks/backwards.ts" } }),
);
if (report.findings.length > 0) process.exitCode = 1;

// `rrr verify` from a program: JSON Lines in, verdicts out, the verifier in a process that can be ended.
import { fileURLToPath } from "node:url";
import { isolatePlugin, loadTask, verifyLines } from "@rrr/plugins";

const loaded = await loadTask(fileURLToPath(new URL("tasks/backwards.ts", import.meta.url)));
const task = await isolatePlugin(loaded);

// Any stream of text does: process.stdin, a file, the body of a request.
async function* input(): AsyncGenerator<string> {
  yield '{"item": {"text": "abc"}, "completion": "<answer>cba</answer>"}\n';
  yield '{"item": {"text": "abc"}, "completion": "<answer>abc</answer>"}\n';
  yield '{"item": {"tex": "abc"}, "completion": "<answer>cba</answer>"}\n';
}
for await (const verdicts of verifyLines(task, input())) {
  for (const verdict of verdicts) console.log(JSON.stringify(verdict));
}
await task.close();

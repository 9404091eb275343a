// Check answers that any program produced. A verdict is `pass`, `fail` with a code, or `invalid`.
import { verifyWithin } from "@rrr/core";
import { countdown } from "@rrr/task-countdown";

const task = countdown();
const item = { numbers: [25, 7, 8], target: 24 };
const completions = [
  "25 + 7 is 32, minus 8 is 24. <answer>25 + 7 - 8</answer>",
  "<answer>\\boxed{25 + 7 − 8 = 24}</answer>",
  "<answer>25 + 7 + 8</answer>",
  "<answer>25 - 1</answer>",
  "The answer is 25 + 7 - 8.",
];

for (const completion of completions) {
  const verdict = await verifyWithin(task, item, completion);
  console.log(verdict.kind === "fail" ? `fail ${verdict.code}` : verdict.kind, "·", completion);
}

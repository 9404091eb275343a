// What is installed, and what a model is told: `rrr list` and `rrr prompts` from a program.
import { itemsOf, parseItem, take } from "@rrr/core";
import { episodePrompts, listPlugins, loadTask } from "@rrr/plugins";

for (const { name, package: of, version } of listPlugins()) console.log(`${name}: ${of} ${version}`);

const { task, file } = await loadTask("countdown", { preset: "small" });
console.log(`task ${task.name}, ${task.spec}, of ${file.split("/").at(-1)}`);
const [first] = await take(itemsOf(task, "test", 0), 1);
const { attempt, reflection } = episodePrompts(task, await parseItem(task, first));
for (const { role, content } of [...attempt, ...reflection.slice(attempt.length)]) {
  console.log(`\n[${role}] ${content}`);
}

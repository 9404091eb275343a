// What is installed, and what a model is told: `rrr list` and `rrr prompts` from a program.
import { episodePrompts, listPlugins, loadTask, parsedItems } from "@rrr/cli";

for (const { name, package: of, version } of listPlugins()) console.log(`${name}: ${of} ${version}`);

const { task, file } = await loadTask("countdown", { preset: "small" });
console.log(`task ${task.name}, ${task.spec}, of ${file.split("/").at(-1)}`);
for await (const item of parsedItems(task, "test", 0)) {
  const { attempt, reflection } = episodePrompts(task, item);
  for (const { role, content } of [...attempt, ...reflection.slice(attempt.length)]) {
    console.log(`\n[${role}] ${content}`);
  }
  break;
}

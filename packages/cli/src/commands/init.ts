import { Command, Option } from "commander";
import type { InitSettings } from "../init/init.ts";
import { TEMPLATES } from "../init/templates.ts";
import { print } from "../output/print.ts";
import { nonEmpty } from "./option-values.ts";

const NOT_ON_NPM = `
npm install takes rrr from npm. Where it is not there, take packed packages instead: --packages <folder>.
`;

export function initCommand(): Command {
  return new Command("init")
    .summary("start a package with a task of your own")
    .description(
      "Writes a complete TypeScript package into a new folder, rrr-task-<name>: a task that works, its tests,\n" +
        "the settings to build and publish it. It never writes over what is there.",
    )
    .argument("<name>", "the task's name, kebab-case; the package is called rrr-task-<name>")
    .addOption(
      new Option(
        "--template <name>",
        "minimal: generated items; dataset: items from a JSON Lines file; command: a verifier in another language",
      )
        .choices(TEMPLATES)
        .default("minimal"),
    )
    .option("--packages <folder>", "take rrr from packed tarballs (`pnpm pack:all`), not from npm", nonEmpty)
    .addHelpText(
      "after",
      `
Example:
  rrr init my-task && cd rrr-task-my-task && npm install && npm test`,
    )
    .action(async (name: string, flags: InitSettings) => {
      const { initTask } = await import("../init/init.ts");
      const folder = initTask(name, flags);
      print(`${folder}/ is ready; src/index.ts is the task. Next:

  cd ${folder}
  npm install
  npm test
${flags.packages === undefined ? NOT_ON_NPM : ""}`);
    });
}

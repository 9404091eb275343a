import { Command, Option } from "commander";
import type { NamedModelsFlags } from "../models/named-models.ts";
import { print, printJson } from "../output/print.ts";
import { nonEmpty } from "./option-values.ts";

interface ModelsFlags extends NamedModelsFlags {
  readonly json?: true;
}

export function modelsCommand(): Command {
  return new Command("models")
    .summary("list what --model can name, and what is missing for it")
    .description(
      "Lists the forms that --model takes, what each of them still needs here, and the newest checkpoints below\n" +
        "runs/. No server is asked, unless with --check.",
    )
    .option("--check", "ask a server which models it has")
    .addOption(
      new Option("--base-url <url>", "the server to ask (default: OPENAI_BASE_URL, else OpenAI's)")
        .argParser(nonEmpty)
        .implies({ check: true }),
    )
    .option(
      "--api-key-env <name>",
      "environment variable that holds the key (default: OPENAI_API_KEY)",
      nonEmpty,
    )
    .option("--json", "one JSON document on standard output")
    .addHelpText(
      "after",
      `
Examples:
  rrr models
  rrr models --base-url http://127.0.0.1:8080/v1`,
    )
    .action(async ({ json, ...flags }: ModelsFlags) => {
      const { namedModels } = await import("../models/named-models.ts");
      const { modelsText } = await import("../models/models-text.ts");
      const models = await namedModels(process.cwd(), flags);
      if (json) printJson(models);
      else print(modelsText(models));
    });
}

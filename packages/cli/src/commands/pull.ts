import { Command } from "commander";
import type { PullFlags } from "../models/pull.ts";
import { nonEmpty } from "./option-values.ts";

export function pullCommand(): Command {
  return new Command("pull")
    .summary("download a model folder from the Hugging Face hub")
    .description(
      "Downloads what --model needs of a model: config, tokenizer, chat template, safetensors, licence. No code, no\n" +
        "pickles. Every file is compared with the hash that the hub has of it. The folder appears when all of it is\n" +
        "there; an interrupted download goes on when the same command is started again.",
    )
    .argument("<model>", "id on the hub, OWNER/NAME")
    .option("--revision <name>", "a branch, a tag or a commit", nonEmpty, "main")
    .option("--out <folder>", "a new folder (default: models/NAME)", nonEmpty)
    .option("--quiet", "nothing but the folder")
    .option("--json", "one JSON document on standard output: the folder, its commit and its files")
    .addHelpText(
      "after",
      `
A private or gated model needs a token in HF_TOKEN. It is sent to the hub alone. HF_ENDPOINT names another hub.

Examples:
  rrr pull Qwen/Qwen3-0.6B                          into models/Qwen3-0.6B
  rrr eval countdown --model models/Qwen3-0.6B
  rrr pull me/my-model --revision v2 --out ./my-model-2`,
    )
    .action(async (id: string, flags: PullFlags) => {
      const { pull } = await import("../models/pull.ts");
      await pull(id, flags);
    });
}

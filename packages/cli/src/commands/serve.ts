import { Command } from "commander";
import type { ServeFlags } from "../serve/serve.ts";
import { addEngineOptions } from "./engine-options.ts";
import { nonEmpty, wholeNumber } from "./option-values.ts";

export function serveCommand(): Command {
  return addEngineOptions(new Command("serve"))
    .summary("let programs train a model over HTTP, by the Tinker protocol")
    .description(
      "Puts an engine behind the Tinker protocol: `rrr run --engine tinker` trains on it from another process or\n" +
        "machine, and so do other clients of the protocol. Each client has weights of its own.",
    )
    .requiredOption("--tinker <model>", "builtin, builtin:TASK, or a folder in Hugging Face layout", nonEmpty)
    .option("--name <name>", "what clients call the model (default: the folder's)", nonEmpty)
    .option("--lora", "train adapters of the rank that each client asks for, in place of all weights")
    .option("--port <n>", "port to listen on; 0 takes a free one", wholeNumber(0), 8410)
    .option("--host <address>", "address to listen on; any other needs --api-key-env", nonEmpty, "127.0.0.1")
    .option(
      "--api-key-env <name>",
      "environment variable with the key that clients must send (default: none is asked for)",
      nonEmpty,
    )
    .option("--checkpoints <folder>", "where clients' checkpoints are kept", nonEmpty, "tinker-checkpoints")
    .addHelpText(
      "after",
      `
It serves until Ctrl-C. A model whose client sends no heartbeat for five minutes is dropped; checkpoints stay.

Examples:
  rrr serve --tinker builtin
  rrr run countdown --engine tinker --base-url http://127.0.0.1:8410`,
    )
    .action(async (flags: ServeFlags) => {
      const { serve } = await import("../serve/serve.ts");
      await serve(flags);
    });
}

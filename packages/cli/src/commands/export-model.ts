import { Command } from "commander";
import { print } from "../output/print.ts";
import { nonEmpty } from "./option-values.ts";

interface ExportModelFlags {
  readonly out: string;
  readonly for: string;
}

export function exportModelCommand(): Command {
  return new Command("export-model")
    .summary("a trained model as ONNX, for transformers.js and browsers")
    .description(
      "Writes a model folder or checkpoint in the layout that transformers.js loads: onnx/model.onnx beside the\n" +
        "tokenizer. (Other programs read the folder as it is: it is in Hugging Face layout.)",
    )
    .argument("<model>", "builtin, or a model folder, e.g. runs/a/checkpoints/step-000100")
    .requiredOption("--out <folder>", "a new folder", nonEmpty)
    .option("--for <task>", "of builtin: the task whose model is meant", nonEmpty, "countdown")
    .addHelpText(
      "after",
      `
Examples:
  rrr export-model builtin --out ./exported
  rrr eval countdown --model transformers:./exported
  rrr export-model runs/a/checkpoints/step-000100 --out ./trained`,
    )
    .action(async (model: string, { out, for: task }: ExportModelFlags) => {
      const { exportModel } = await import("../models/export-model.ts");
      await exportModel(model, task, out);
      print(`${out}\n`);
    });
}

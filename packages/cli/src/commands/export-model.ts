import { Command, Option } from "commander";
import type { ModelFormat } from "../models/export-model.ts";
import { print } from "../output/print.ts";
import { nonEmpty } from "./option-values.ts";

interface ExportModelFlags {
  readonly out: string;
  readonly for: string;
  readonly format: ModelFormat;
}

export function exportModelCommand(): Command {
  return new Command("export-model")
    .summary("a trained model for other programs: ONNX, Hugging Face layout, or an adapter")
    .description(
      "Writes a model with a card that says what it was trained from, on what, and what the run measured. onnx is the\n" +
        "layout that transformers.js loads: onnx/model.onnx beside the tokenizer. model is Hugging Face layout, an adapter\n" +
        "merged into its base. adapter is what a run with --lora trained, as PEFT writes it.",
    )
    .argument("<model>", "builtin, a run, or a model folder, e.g. runs/a/checkpoints/step-000100")
    .addOption(
      new Option("--format <name>", "what to write").choices(["onnx", "model", "adapter"]).default("onnx"),
    )
    .requiredOption("--out <folder>", "a new folder", nonEmpty)
    .option("--for <task>", "of builtin: the task whose model is meant", nonEmpty, "countdown")
    .addHelpText(
      "after",
      `
Examples:
  rrr export-model builtin --out ./exported
  rrr eval countdown --model transformers:./exported
  rrr export-model runs/a --format model --out ./trained
  rrr export-model runs/a --format adapter --out ./my-adapter     of a run with --lora`,
    )
    .action(async (model: string, { out, for: task, format }: ExportModelFlags) => {
      const { exportModel } = await import("../models/export-model.ts");
      await exportModel(model, task, out, format);
      print(`${out}\n`);
    });
}

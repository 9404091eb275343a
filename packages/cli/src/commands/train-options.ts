/** The trainer's settings as options: what is not said is as the named settings have it. */
import { type Command, InvalidArgumentError, Option } from "commander";
import { number, wholeNumber } from "./option-values.ts";

export interface TrainFlags {
  readonly settings?: "builtin" | "lora-small" | "paper";
  readonly reward: "retry" | "random";
  readonly steps?: number;
  readonly learningRate?: number;
  readonly schedule?: "constant" | "linear" | "cosine";
  readonly warmup?: number;
  readonly failuresPerStep?: number;
  readonly groupSize?: number;
  readonly updates?: number;
  readonly normalization?: "grpo" | "dapo" | "dr_grpo";
  readonly advantageScale?: "std" | "none";
  readonly advantageBaseline?: "mean" | "leave-one-out";
  readonly surrogate?: "ppo" | "gspo" | "cispo";
  readonly clip?: readonly [low: number, high: number];
  readonly kl?: number;
  readonly klPenalty?: "k3-loss" | "k1-reward";
  readonly entropy?: number;
  readonly importanceCap?: number;
  readonly refills?: number;
  readonly weightDecay?: number;
  readonly maxGradNorm?: number;
  readonly failures?: number;
  readonly attempts?: number;
  readonly checkpointEvery?: number;
  readonly keepCheckpoints?: number;
  readonly keepBest?: number;
  readonly force?: true;
}

export function addTrainOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--settings <name>",
        "what all below are changes of (default: builtin for small models, lora-small for adapters and large ones)",
      ).choices(["builtin", "lora-small", "paper"]),
    )
    .addOption(
      new Option("--reward <kind>", "random is a control: it must teach nothing")
        .choices(["retry", "random"])
        .default("retry"),
    )
    .option("--steps <n>", "optimiser steps (default: the settings')", wholeNumber(1))
    .option("--learning-rate <x>", "the highest one (default: the settings', as for all below)", number(0))
    .addOption(
      new Option("--schedule <name>", "how it falls after the warm-up").choices([
        "constant",
        "linear",
        "cosine",
      ]),
    )
    .option("--warmup <share>", "share of the steps over which it rises", number(0, 1))
    .option("--failures-per-step <n>", "failed attempts that a step starts from", wholeNumber(1))
    .option("--group-size <n>", "reflections, with a retry each, on each of them", wholeNumber(2))
    .option("--updates <n>", "optimiser updates on each step's reflections", wholeNumber(1))
    .addOption(
      new Option("--normalization <name>", "how the loss is averaged").choices(["grpo", "dapo", "dr_grpo"]),
    )
    .addOption(
      new Option("--advantage-scale <name>", "what advantages are divided by").choices(["std", "none"]),
    )
    .addOption(
      new Option("--advantage-baseline <name>", "what rewards are compared with (default: mean)").choices([
        "mean",
        "leave-one-out",
      ]),
    )
    .addOption(
      new Option("--surrogate <name>", "what is made of ratio and advantage (default: ppo)").choices([
        "ppo",
        "gspo",
        "cispo",
      ]),
    )
    .option(
      "--clip <low[,high]>",
      "range of the importance ratio around 1, e.g. 0.2, or 0.2,0.28 (clip-higher)",
      clipRange,
    )
    .option("--kl <beta>", "coefficient of the KL penalty; 0 is off", number(0))
    .addOption(
      new Option("--kl-penalty <name>", "estimator of the KL, and where it holds (default: k3-loss)").choices(
        ["k3-loss", "k1-reward"],
      ),
    )
    .option("--entropy <x>", "coefficient of the entropy bonus; 0, the default, is off", number(0))
    .option(
      "--importance-cap <x>",
      "most that a token counts where sampler and trainer differ; 0, the default, is off",
      number(0),
    )
    .option(
      "--refills <n>",
      "times that a step replaces groups with equal rewards; 0, the default, drops them",
      wholeNumber(0),
    )
    .option("--weight-decay <x>", "of the optimiser", number(0))
    .option("--max-grad-norm <x>", "longer gradients are scaled down to it; 0 is off", number(0))
    .option(
      "--failures <n>",
      "failures to collect at most (default: as many as the steps look at)",
      wholeNumber(1),
    )
    .option(
      "--attempts <n>",
      "attempts at a problem before it counts as never failed (default: 64)",
      wholeNumber(1),
    )
    .option("--checkpoint-every <n>", "steps between checkpoints (default: 10)", wholeNumber(1))
    .option("--keep-checkpoints <n>", "newest ones that stay, beside the best (default: 2)", wholeNumber(1))
    .option(
      "--keep-best <n>",
      "held-out problems of their own that choose the checkpoint which counts; 0: the last one does (default: 64 with lora-small)",
      wholeNumber(0),
    )
    .option(
      "--force",
      "train where there is nothing to learn from, where memory may be too small, and on where training collapses",
    );
}

function clipRange(text: string): readonly [number, number] {
  const [low, high, ...rest] = text
    .split(",")
    .map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  const range = [low, high ?? low] as [number, number];
  if (rest.length === 0 && range.every((bound) => Number.isFinite(bound) && bound >= 0)) return range;
  throw new InvalidArgumentError("It must be one number or two, each at least 0, e.g. 0.2 or 0.2,0.28.");
}

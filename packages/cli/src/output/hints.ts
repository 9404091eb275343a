import type { RrrErrorCode } from "@rrr/core";

const DEBUG = "Set RRR_DEBUG=1 to see where it happened.";

/** What to do about each kind of error, where the error itself says nothing more exact. */
export const HINTS: Readonly<Record<RrrErrorCode, string>> = {
  "bad-argument": "Add --help to see what there is.",
  "bad-item": "`rrr prompts <plugin>` without --item shows an item as the task has them.",
  "bad-task": "`rrr check <plugin>` finds what is wrong with a task.",
  "bad-engine": "testEngine() of @rrr/trainer/testing finds what is wrong with an engine.",
  "plugin-not-found": "Give a package that is installed, or the path of a file (./my-task.js).",
  "plugin-failed": DEBUG,
  "verifier-failed": DEBUG,
  "verifier-timeout": "A verifier that waits for something must end when its signal is aborted.",
  "bad-model": "Download or export the model again.",
  "pull-failed": "Start the same command again: it goes on where it stopped.",
  "model-failed": DEBUG,
  "budget-spent": "Everything done is kept; `rrr resume` with a larger budget takes it up.",
  "context-overflow": "Give the task shorter prompts or limits, or take a model with a larger window.",
  "bad-checkpoint": "Take another checkpoint.",
  "bad-graph": `This is a bug in rrr. ${DEBUG}`,
  "runtime-failed": "Install the packages again; onnxruntime-node must fit this machine.",
  "out-of-memory": "Train an adapter (--lora 16), or take a smaller model.",
  diverged: "Lower --learning-rate or add --kl 0.03; with a damaged model, take another.",
  "bad-run": "See that the disk has space and that you may write there, or give another --out.",
  "bad-cache": "Give another folder in RRR_CACHE_DIR.",
  "no-failures": "The model solves every problem of this task; take a harder one, e.g. another --preset.",
  "no-signal": "Other problems, longer limits or another model; --force trains all the same.",
  aborted: "Start the command again.",
};

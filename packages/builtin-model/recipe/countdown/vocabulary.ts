import { chatTemplate, type Vocabulary } from "../tokenizer.ts";
import { fromTheStart, givingUp, goOn, next, platitudes, restating, wrong } from "./transcripts.ts";

/** Sentences of the prompts, verbatim: a test holds that a whole prompt, markers included, is twelve tokens. */
const sentences = [
  "Using the numbers [",
  "], create an equation that equals ",
  ". You can use basic arithmetic operations (+, -, *, /) and each number must be used exactly once. " +
    "Show your work in <think> </think> tags and return the final equation in <answer> </answer> tags, " +
    "for example <answer>(1 + 2) / 3</answer>.",
  "You tried solving the following problem and got the wrong answer. Reflect on what went wrong and write a " +
    "short explanation that will help you do better next time.",
];

const words = ["<think>", "</think>", "<answer>", "</answer>", ", ", next, ": ", " yes", " no", givingUp];
const thoughts = [goOn, fromTheStart, restating, wrong, ...platitudes];

export const countdownVocabulary: Vocabulary = {
  pieces: [...words, ...sentences, ...thoughts],
  chatTemplate: chatTemplate(""),
};

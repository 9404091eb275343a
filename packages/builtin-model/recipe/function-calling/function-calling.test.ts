import { createRandom, defaultReflectionRequest } from "@rrr/core";
import {
  drawSample,
  functionCallPrompt,
  type Sample,
  small,
  splitOfQuery,
  splitOfTools,
  verifyFunctionCalls,
} from "@rrr/task-function-calling";
import { describe, expect, test } from "vitest";
import { createRecipe } from "../recipe.ts";
import type { Turn } from "../transcript.ts";
import { functionCallingCorpus } from "./corpus.ts";
import { check, theRestLooksRight } from "./notation.ts";
import { firstAttempt, functionCallingStyle, reflectedAttempt, type Style } from "./transcripts.ts";

const { tokenizer } = (await createRecipe("function-calling", 0)).model;
const random = createRandom(7);
const patient: Style = {
  ...functionCallingStyle,
  thoughtless: 0,
  impatient: 0,
  stop: { impatient: 0, patient: 0 },
};

function drawTraining(): Sample {
  for (;;) {
    const sample = drawSample(small, "train", random);
    if (sample !== undefined) return sample;
  }
}

const textOf = (turn: Turn | undefined): string => (turn?.role === "assistant" ? turn.pieces.join("") : "");

function shareRight(
  attempts: readonly { readonly sample: Sample; readonly turn: Turn | undefined }[],
): number {
  const right = attempts.filter(({ sample, turn }) => {
    return verifyFunctionCalls(sample.item, textOf(turn)).kind === "pass";
  });
  return right.length / attempts.length;
}

const many = <T>(count: number, make: () => T): readonly T[] => Array.from({ length: count }, make);

describe("the tokenizer", () => {
  test("reads a prompt in some thirty tokens, and the request for a reflection in one", () => {
    const lengths = many(200, () => tokenizer.encodeChat(functionCallPrompt(drawTraining().item)).length);
    expect(Math.max(...lengths)).toBeLessThan(45);
    expect(lengths.reduce((sum, length) => sum + length) / lengths.length).toBeLessThan(35);
    const request = defaultReflectionRequest({ item: undefined, prompt: [], completion: "" });
    expect(tokenizer.encode(request).length).toBe(1);
  });

  test("shows functions one a line, with options and spellings", () => {
    const tool = (name: string, properties: object, required?: readonly string[]) => {
      return { name, parameters: { type: "object", properties, ...(required ? { required } : {}) } };
    };
    const tools = [
      tool("get_weather", { city: { type: "string" }, unit: { enum: ["C", "F"] } }, ["city"]),
      tool("ping", {}),
    ];
    const ids = tokenizer.encodeChat([
      { role: "system", content: "Call. ", tools },
      { role: "user", content: "Hm?" },
    ]);
    expect(tokenizer.decode(ids)).toBe("Call. \nget_weather(city, unit?: C|F)\nping()Hm?");
  });
});

describe("the corpus", () => {
  test("holds training items only", () => {
    const corpus = functionCallingCorpus(0);
    for (let index = 0; index < 1_000; index++) {
      const [system, user] = corpus(index).prompt;
      expect(splitOfTools(system?.tools?.map(({ name }) => name) ?? [])).toBe("train");
      expect(splitOfQuery(user?.content ?? "")).toBe("train");
    }
  });

  test("answers right after a thought that went through it all", () => {
    const attempts = many(300, () => {
      const sample = drawTraining();
      return { sample, turn: firstAttempt(sample, random, patient) };
    });
    expect(shareRight(attempts)).toBe(1);
  });

  test("fails usefully otherwise", () => {
    const attempts = many(600, () => {
      const sample = drawTraining();
      return { sample, turn: firstAttempt(sample, random, functionCallingStyle) };
    });
    expect(shareRight(attempts)).toBeGreaterThan(0.2);
    expect(shareRight(attempts)).toBeLessThan(0.4);
  });

  test("reflects on failures, and a whole check is followed by the right calls", () => {
    const checked: { sample: Sample; turn: Turn | undefined }[] = [];
    for (let i = 0; i < 600; i++) {
      const sample = drawTraining();
      const [failed, , reflection, , retry] = reflectedAttempt(sample, random, functionCallingStyle);
      expect(failed).toMatchObject({ learn: false });
      expect(reflection).toMatchObject({ learn: true });
      expect(verifyFunctionCalls(sample.item, textOf(failed)).kind).toBe("fail");
      const text = textOf(reflection);
      if (text.startsWith(check) && !text.endsWith(theRestLooksRight)) checked.push({ sample, turn: retry });
    }
    expect(checked.length).toBeGreaterThan(20);
    expect(shareRight(checked)).toBe(1);
  });
});

/** The words of the small world, found by listening to it, and the pieces of calls and thoughts. */
import { createRandom, defaultReflectionRequest } from "@rrr/core";
import { type Api, functionCallInstructions, small } from "@rrr/task-function-calling";
import { chatTemplate, type Vocabulary } from "../tokenizer.ts";
import { fixedPieces, key, mention } from "./notation.ts";
import { notAsked } from "./slots.ts";

/** The functions on offer, one a line: `get_forecast(city, days, unit?: C|F)`. */
const toolsSlot =
  "{%- if loop.first and tools -%}{%- for tool in tools -%}" +
  '{%- set schema = tool.function.parameters -%}{{ "\\n" + tool.function.name }}' +
  "{%- for name, property in (schema.properties or {}).items() -%}" +
  '{{ "(" if loop.first else ", " }}{{ name }}{{ "" if name in (schema.required or []) else "?" }}' +
  '{{ ": " + property.enum | join("|") if property.enum else "" }}' +
  '{%- endfor -%}{{ ")" if schema.properties else "()" }}{%- endfor -%}{%- endif -%}';

/** More than enough to hear every value of every parameter. */
const DRAWS = 2_000;

export const functionCallingVocabulary: Vocabulary = {
  pieces: [
    ...new Set([
      functionCallInstructions,
      defaultReflectionRequest({ item: undefined, prompt: [], completion: "" }),
      ")\n",
      ...fixedPieces,
      notAsked,
      ...small.apis.flatMap((api) => [...schemaPieces(api), ...sentencePieces(api)]),
    ]),
  ],
  chatTemplate: chatTemplate(toolsSlot),
};

function schemaPieces({ name, parameters }: Api): readonly string[] {
  const shown = parameters.map(({ name, required, schema }, i) => {
    const spellings = Array.isArray(schema.enum) ? `: ${schema.enum.join("|")}` : "";
    return `${i === 0 ? "(" : ", "}${name}${required ? "" : "?"}${spellings}`;
  });
  return [name, ...shown, ...parameters.flatMap((each) => [key(each), mention(each.name)])];
}

function sentencePieces({ parameters, requests }: Api): readonly string[] {
  const random = createRandom(0);
  const spoken = parameters.flatMap(({ say }) =>
    Array.from({ length: DRAWS }, () => say(random)).flatMap(({ value, words }) => [words, String(value)]),
  );
  return [...requests.flatMap((request) => request.split(/[[\]]|\{\w+\}/)), ...spoken]
    .flatMap((text) => text.split(/(?<!\d)\d{1,2}(?![\d%])/))
    .filter((text) => text.length > 1);
}

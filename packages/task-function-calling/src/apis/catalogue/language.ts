import type { Api } from "../api.ts";
import { choice, coded, number, optional, text, whole, yesNo } from "../parameters.ts";
import { plain, steps } from "../ways.ts";
import { languages, ofDomain } from "./common.ts";

const sentences = [
  ...["Where is the station?", "The meeting starts at nine.", "I would like a table by the window."],
  ...["Thank you for your patience.", "My luggage has not arrived.", "The shop is closed on Mondays."],
  ...["Could you speak more slowly?", "We are looking for a pharmacy.", "The soup was excellent."],
];
const misspelt = ["We recieved teh parcel.", "Its definately too late.", "I am intrested in you're offer."];
const words = [
  "serendipity",
  "resilient",
  "gloomy",
  "brisk",
  "candid",
  "ponder",
  "lucid",
  "vivid",
  "frugal",
  "nimble",
];
const code = "ISO 639-1 code in lower case, such as ko.";
const quoted = text("text", sentences, "As the user wrote it, with its punctuation.");
const word = text("word", words, "In lower case.");

export const language: readonly Api[] = ofDomain("language", [
  {
    name: "translate_text",
    description: "Translates English text.",
    parameters: [
      quoted,
      coded("target_language", languages, code),
      optional(yesNo("formal", { yes: "formally", no: "informally" })),
    ],
    requests: [
      'Translate "{text}" into {target_language}[, {formal}].',
      'How do I say "{text}" in {target_language}[, {formal}]?',
      'I need this in {target_language}[, put {formal}]: "{text}"',
    ],
    sensible: ({ target_language }) => target_language !== "en",
  },
  {
    name: "detect_language",
    description: "Says which language a text is in.",
    parameters: [
      text(
        "text",
        ["Hvor er stasjonen?", "Gdzie jest dworzec?", "Onde fica a estação?", "Waar is het station?"],
        "As written.",
      ),
      optional(whole("candidates", [plain(2, 5, "most likely languages")], "How many to name."), 1),
    ],
    requests: [
      'What language is "{text}" in?[ Name the {candidates}.]',
      'Which language is this: "{text}"[ Give me the {candidates}.]',
      'Find out the language of "{text}"[ and tell me the {candidates}].',
    ],
  },
  {
    name: "define_word",
    description: "What an English word means.",
    parameters: [
      word,
      optional(choice("detail", { short: "A short", full: "A full" })),
      optional(yesNo("examples", { yes: "with example sentences", no: "without example sentences" })),
    ],
    requests: [
      'What does "{word}" mean?[ {detail} definition, please.]',
      'Define the word "{word}"[, {examples}].',
      'Look up "{word}" in the dictionary for me[, {examples}].',
    ],
  },
  {
    name: "find_synonyms",
    description: "Words of the same or of the opposite meaning.",
    parameters: [
      word,
      choice("relation", { synonym: "mean the same as", antonym: "mean the opposite of" }),
      optional(whole("limit", [plain(2, 8, "words")], "At most so many.")),
    ],
    requests: [
      'Which words {relation} "{word}"?[ At most {limit}, please.]',
      'Find words that {relation} "{word}"[, no more than {limit}].',
    ],
  },
  {
    name: "correct_text",
    description: "Corrects spelling and grammar of English text.",
    parameters: [
      text("text", misspelt, "As the user wrote it, mistakes included."),
      optional(choice("variant", { "en-GB": "British English", "en-US": "American English" })),
    ],
    requests: [
      'Correct the mistakes in "{text}"[ by the rules of {variant}].',
      'Check spelling and grammar of this[, {variant}]: "{text}"',
      'Please fix "{text}"[ in {variant}].',
    ],
  },
  {
    name: "read_aloud",
    description: "Speaks text.",
    parameters: [
      quoted,
      optional(choice("voice", { female: "a woman's", male: "a man's" })),
      optional(number("speed", [steps(0.5, 2, 0.25)], "1 is normal."), 1),
    ],
    requests: [
      'Read "{text}" aloud[ in {voice} voice][ at {speed} times the normal speed].',
      'Say this out loud[, in {voice} voice]: "{text}"',
      'I want to hear "{text}" spoken[, at a speed of {speed}].',
    ],
  },
]);

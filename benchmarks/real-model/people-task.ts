import { createRandom, defineTask, deriveKey, fail, isHeldOut, pass, schemaOf, type Task } from "@rrr/core";

/** One sentence about a person, and what it says. */
interface Item {
  readonly name: string;
  readonly age: number;
  readonly city: string;
  readonly form: number;
}

const NAMES = [
  "Ada",
  "Bao",
  "Carla",
  "Dmitri",
  "Elif",
  "Femi",
  "Greta",
  "Hiro",
  "Ines",
  "Jonas",
  "Kofi",
  "Lena",
];
const CITIES = ["Oslo", "Lima", "Hanoi", "Lagos", "Turin", "Quito", "Osaka", "Malmö", "Perth", "Tunis"];
const FORMS: readonly ((item: Item) => string)[] = [
  ({ name, age, city }) => `${name} is ${age} years old and lives in ${city}.`,
  ({ name, age, city }) => `In ${city} I met ${name}, who has just turned ${age}.`,
  ({ name, age, city }) => `${age} years ago ${name} was born in ${city}, and never left it.`,
];

const isItem = (value: unknown): value is Item => {
  const { name, age, city, form } = (value ?? {}) as Partial<Item>;
  const isKnown = typeof form === "number" && FORMS[form] !== undefined;
  return isKnown && typeof name === "string" && Number.isSafeInteger(age) && typeof city === "string";
};

function* all(): Generator<Item> {
  for (const [form] of FORMS.entries()) {
    for (const name of NAMES) {
      for (const city of CITIES) for (let age = 19; age < 90; age += 7) yield { name, age, city, form };
    }
  }
}

/** JSON from a sentence: what a model of a hundred million weights sometimes can. */
const task: Task<Item> = defineTask<Item>({
  name: "people",
  schema: schemaOf(isItem, "{ name, age, city, form }"),
  *items(split, seed) {
    for (const item of createRandom(deriveKey(seed, split)).shuffle([...all()])) {
      if (isHeldOut(JSON.stringify(item)) === (split === "test")) yield item;
    }
  },
  prompt: (item) => [
    {
      role: "user",
      content:
        'Read the sentence. Reply with one JSON object and nothing else. Its keys are "name", "age" (a number) and "city".\n\n' +
        `Sentence: ${(FORMS[item.form] as (item: Item) => string)(item)}`,
    },
  ],
  verify({ name, age, city }, completion) {
    const text = /\{[^{}]*\}/.exec(completion)?.[0];
    if (text === undefined) return fail("no-object");
    try {
      const said = JSON.parse(text);
      if (Object.keys(said).length !== 3) return fail("other-keys");
      return said.name === name && said.age === age && said.city === city ? pass() : fail("wrong-value");
    } catch {
      return fail("no-json");
    }
  },
  gold: ({ name, age, city }) => JSON.stringify({ name, age, city }),
  limits: { attempt: 64, reflection: 64 },
});

export default task;

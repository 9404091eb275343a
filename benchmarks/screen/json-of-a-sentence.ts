/**
 * JSON from a sentence: short, and in a form that small instruction models know. The task of the screen that a model of 135
 * million weights can do at times.
 */
import { defineTask, deriveKey, fail, pass, schemaOf, type Task, uniformAt } from "@rrr/core";

interface Person {
  readonly name: string;
  readonly age: number;
  readonly city: string;
}

const NAMES = [
  "Anna",
  "Bo",
  "Clara",
  "David",
  "Elif",
  "Femi",
  "Greta",
  "Hiro",
  "Ines",
  "Jonas",
  "Kofi",
  "Lena",
];
const CITIES = [
  "Oslo",
  "Lima",
  "Cairo",
  "Graz",
  "Quito",
  "Turin",
  "Porto",
  "Accra",
  "Kyoto",
  "Leeds",
  "Lyon",
  "Perth",
];
/** Names of the training items are not among those that are held out. */
const SHIFT = { train: 0, test: 6 };

const isPerson = (value: unknown): value is Person =>
  typeof value === "object" && value !== null && "name" in value;

function* people(split: "train" | "test", seed: number): Generator<Person> {
  for (let i = 0; ; i++) {
    const key = deriveKey(seed, 2 * i + (split === "test" ? 1 : 0));
    const drawn = (place: number, of: readonly string[]): string =>
      of[Math.floor(uniformAt(key, place) * of.length)] as string;
    const names = NAMES.slice(SHIFT[split], SHIFT[split] + 6);
    yield {
      name: drawn(0, names),
      age: 18 + Math.floor(uniformAt(key, 1) * 60),
      city: drawn(2, CITIES),
    };
  }
}

/** The last flat JSON object of a text. */
function lastObject(text: string): unknown {
  for (const [object] of [...text.matchAll(/\{[^{}]*\}/g)].reverse()) {
    try {
      return JSON.parse(object);
    } catch {}
  }
  return undefined;
}

const task: Task<Person> = defineTask<Person>({
  name: "json-of-a-sentence",
  schema: schemaOf(isPerson, "a person"),
  items: people,
  prompt: ({ name, age, city }) => [
    {
      role: "user",
      content: `Write this as JSON with the keys "name", "age" and "city": ${name} is ${age} years old and lives in ${city}.`,
    },
  ],
  verify: ({ name, age, city }, completion) => {
    const found = lastObject(completion) as Partial<Person> | undefined;
    if (found === undefined) return fail("no-json", "there is no JSON object in the answer");
    const isRight = found.name === name && Number(found.age) === age && found.city === city;
    return isRight ? pass() : fail("wrong", "the object is another one");
  },
  limits: { attempt: 64, reflection: 48, retry: 64 },
});
export default task;

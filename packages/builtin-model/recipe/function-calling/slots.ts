/** What a request says about each parameter of the function that it asks for: right, as worked out, and misread. */
import type { Api, Parameter, Request, Spoken } from "@rrr/task-function-calling";

export interface Slot {
  readonly parameter: Parameter;
  /** The text of the right value; undefined where it was not asked for. */
  readonly value: string | undefined;
  /** How one gets there, as a thought writes it: 2, weeks being 7 days, *, 7, =, 14. Ends with the value. */
  readonly working: readonly string[];
  /** What a careless reader takes for the value: the number as it was said, the user's word for an enum. */
  readonly misread: string | undefined;
}

export function slotsOf({ api, said }: Pick<Request, "api" | "said">): readonly Slot[] {
  return api.parameters.map((parameter) => {
    const spoken = Object.hasOwn(said, parameter.name) ? said[parameter.name] : undefined;
    if (spoken === undefined) return { parameter, value: undefined, working: [notAsked], misread: undefined };
    const value = String(spoken.value);
    if (isText(parameter) && spoken.words !== value) {
      return { parameter, value, working: [spoken.words, "=", value], misread: spoken.words };
    }
    if (typeof spoken.value !== "number") return { parameter, value, working: [value], misread: undefined };
    return { parameter, value, ...number(spoken, value) };
  });
}

export const notAsked = "not asked";

/** Whether its values are written in quotes. */
export function isText(parameter: Parameter): boolean {
  return parameter.schema.type === "string";
}

/** Other functions on offer that are easily taken for this one. */
export function lookAlikes(api: Api, offered: readonly Api[]): readonly Api[] {
  return offered.filter(({ domain, name }) => domain === api.domain && name !== api.name);
}

function number({ words }: Spoken, value: string): Pick<Slot, "working" | "misread"> {
  const [first, second] = words.match(/\d+/g) ?? [];
  if (first === undefined) return { working: [words, "=", value], misread: misheard[words] };
  if (second !== undefined) return { working: [first, "+", second, "=", value], misread: first };
  if (words.endsWith("weeks")) return { working: [first, "*", "7", "=", value], misread: first };
  if (words.endsWith("pm")) return { working: [first, "+", "12", "=", value], misread: first };
  return { working: [value], misread: undefined };
}

const misheard: Readonly<Record<string, string>> = {
  "a week": "1",
  "half an hour": "60",
  "an hour and a half": "60",
  "a quarter of an hour": "4",
  "an hour": "1",
  "a dozen": "10",
  "half a dozen": "12",
  "two dozen": "2",
  "a couple of": "1",
  ten: "1",
  twenty: "12",
  fifty: "15",
  "a hundred": "10",
};

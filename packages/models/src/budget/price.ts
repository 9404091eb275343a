import { readFile } from "node:fs/promises";
import { messageOf, nearestName, RrrError } from "@rrr/core";

/** What a model costs, in US dollars per million tokens. */
export interface Price {
  readonly input: number;
  readonly output: number;
}

/** Prices by model name. */
export type Prices = ReadonlyMap<string, Price>;

const FORM =
  'A price file is {"gpt-4o-mini": {"input": 0.15, "output": 0.6}}: US dollars per million tokens.';

/** Reads a price file. @throws RrrError `bad-argument` that names the entry which is none */
export async function readPrices(path: string): Promise<Prices> {
  let json: unknown;
  try {
    json = JSON.parse(await readFile(path, "utf8"));
  } catch (cause) {
    throw refuse(`the price file ${path} cannot be read: ${messageOf(cause)}`, cause);
  }
  if (!isObject(json)) throw refuse(`the price file ${path} is not a JSON object`);
  const prices = new Map<string, Price>();
  for (const [model, price] of Object.entries(json)) {
    if (!isPrice(price))
      throw refuse(`the price file ${path}: "${model}" has ${JSON.stringify(price)} for a price`);
    prices.set(model, price);
  }
  return prices;
}

/** The price of a model. @throws RrrError `bad-argument` for one that is not in the table */
export function priceOf(prices: Prices, model: string): Price {
  const price = prices.get(model);
  if (price !== undefined) return price;
  const nearest = nearestName(model, prices.keys());
  throw refuse(
    `there is no price for model "${model}", so its cost cannot be limited`,
    undefined,
    nearest === undefined ? "" : `Did you mean "${nearest}"? `,
  );
}

function isPrice(value: unknown): value is Price {
  return (
    isObject(value) && isAmount(value.input) && isAmount(value.output) && Object.keys(value).length === 2
  );
}

function isAmount(value: unknown): boolean {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function refuse(message: string, cause?: unknown, suggestion = ""): RrrError {
  return new RrrError("bad-argument", message, {
    ...(cause === undefined ? {} : { cause }),
    hint: `${suggestion}Give one with --prices. ${FORM}`,
  });
}

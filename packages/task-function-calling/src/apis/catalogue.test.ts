import { createRandom } from "@rrr/core";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { callOf, drawRequest } from "../generate/request.ts";
import { type Api, objectSchema } from "./api.ts";
import { catalogue } from "./catalogue.ts";

const DRAWS = 200;

const ajv = new Ajv({ strict: true, allErrors: true, formats: { date: isDay } });

/** "2027-02-29" is none. */
function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && new Date(text).toISOString().startsWith(text);
}

function placeholders(template: string): readonly string[] {
  return [...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string);
}

describe("the catalogue", () => {
  it("has functions enough, in domains enough, each with look-alikes", () => {
    expect(catalogue.length).toBeGreaterThanOrEqual(60);
    const domains = new Set(catalogue.map(({ domain }) => domain));
    expect(domains.size).toBeGreaterThanOrEqual(12);
    for (const each of domains) {
      expect(catalogue.filter(({ domain }) => domain === each).length, each).toBeGreaterThanOrEqual(4);
    }
  });

  it("names each function once", () => {
    expect(new Set(catalogue.map(({ name }) => name)).size).toBe(catalogue.length);
  });
});

describe.each(catalogue.map((api) => [api.name, api] as const))("%s", (_, api) => {
  it("is asked for in several ways, each with every required argument outside brackets", () => {
    expect(new Set(api.requests).size).toBeGreaterThan(1);
    const known = api.parameters.map(({ name }) => name);
    const required = api.parameters.filter((each) => each.required).map(({ name }) => name);
    for (const template of api.requests) {
      const all = placeholders(template);
      expect(known).toEqual(expect.arrayContaining([...all]));
      expect(new Set(all).size).toBe(all.length);
      expect(placeholders(template.replaceAll(/\[.+?\]/g, ""))).toEqual(expect.arrayContaining(required));
    }
  });

  it("has a sentence for every parameter", () => {
    const said = new Set(api.requests.flatMap(placeholders));
    expect(api.parameters.map(({ name }) => name).filter((name) => !said.has(name))).toEqual([]);
  });

  it("draws arguments that its own schema accepts, as does the declared default", () => {
    const validate = ajv.compile(objectSchema(api.parameters));
    for (const { arguments: values } of draw(api)) {
      if (!validate(values))
        expect.unreachable(`${JSON.stringify(values)}: ${ajv.errorsText(validate.errors)}`);
    }
    for (const { schema } of api.parameters) {
      if ("default" in schema) expect(ajv.validate(schema, schema.default)).toBe(true);
    }
  });

  it("draws only what is sensible, in clean sentences", () => {
    for (const { arguments: values, sentence } of draw(api)) {
      expect(api.sensible?.(values) ?? true).toBe(true);
      expect(sentence).not.toMatch(/[{}[\]]|undefined| {2}| [.,?]|,,|\?\?|\.\.$/);
      expect(sentence).toMatch(/[.?!"]$/);
    }
  });
});

function draw(api: Api) {
  const random = createRandom(7);
  return Array.from({ length: DRAWS }, () => {
    const request = drawRequest(api, random);
    return { ...request, ...callOf(request) };
  });
}

describe("the values", () => {
  const calls = catalogue.flatMap(draw);
  const values = calls.flatMap(({ arguments: all }) => Object.values(all));
  const schemas = calls.flatMap(({ api, arguments: all }) => {
    return api.parameters.filter(({ name }) => name in all).map(({ schema }) => schema);
  });

  it.each([
    ["enums", schemas.some((schema) => "enum" in schema)],
    ["days", schemas.some(({ format }) => format === "date")],
    ["times of day", schemas.some(({ pattern }) => pattern !== undefined)],
    ["arrays", values.some((value) => Array.isArray(value) && value.length > 1)],
    ["nested objects", values.some((value) => isObject(value))],
    ["arrays of objects", values.some((value) => Array.isArray(value) && value.some(isObject))],
    ["whole numbers", values.some((value) => Number.isInteger(value))],
    ["decimals", values.some((value) => typeof value === "number" && !Number.isInteger(value))],
    ["true", values.includes(true)],
    ["false", values.includes(false)],
    [
      "optional arguments said",
      calls.some(({ api, arguments: all }) => optionals(api).some((name) => name in all)),
    ],
    [
      "optional arguments left out",
      calls.some(({ api, arguments: all }) => optionals(api).some((name) => !(name in all))),
    ],
  ])("include %s", (_, occurs) => {
    expect(occurs).toBe(true);
  });
});

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function optionals(api: Api): readonly string[] {
  return api.parameters.filter(({ required }) => !required).map(({ name }) => name);
}

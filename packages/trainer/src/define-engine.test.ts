import { schemaOf } from "@rrr/core";
import { describe, expect, test } from "vitest";
import { microEngine } from "../test/micro-engine.ts";
import { assertEnginePlugin, defineEngine } from "./define-engine.ts";

const isCount = (value: unknown): value is number => Number.isSafeInteger(value);
const opened: object[] = [];
const plugin = defineEngine<{ readonly threads?: number }>({
  name: "mine",
  options: { threads: schemaOf(isCount, "a whole number") },
  async open(request) {
    opened.push(request);
    return microEngine();
  },
});

describe("defineEngine", () => {
  test("fills in the specification, and opens with checked options", async () => {
    expect(plugin).toMatchObject({ spec: "rrr/engine@1", name: "mine" });
    await plugin.open({ model: "/m", options: { threads: 2 } });
    await plugin.open({ model: "/m" });
    expect(opened).toEqual([
      { model: "/m", options: { threads: 2 } },
      { model: "/m", options: {} },
    ]);
  });

  test.each([
    [{ thread: 2 }, 'engine "mine" has no option "thread"', 'Did you mean "threads"? It has threads.'],
    [{ threads: "2" }, 'option "threads" of engine "mine" must be a whole number, got "2"'],
  ])("refuses %j", async (options, message, hint?: string) => {
    const refused = expect.objectContaining({ code: "bad-argument", message, hint });
    await expect(plugin.open({ model: "/m", options: options as never })).rejects.toEqual(refused);
  });

  test.each([
    [{ ...plugin, spec: "rrr/engine@2" }, 'engine field "spec" must be "rrr/engine@1", got "rrr/engine@2"'],
    [{ ...plugin, name: "My Engine" }, 'engine field "name" must be kebab-case, got "My Engine"'],
    [{ ...plugin, options: undefined }, 'field "options" must be an object of schemas'],
    [{ ...plugin, open: 1 }, 'field "open" must be a function'],
    [null, "an engine must be an object"],
  ])("%j is none", (value, message) => {
    expect(() => assertEnginePlugin(value)).toThrow(
      expect.objectContaining({ code: "bad-engine", message: expect.stringContaining(message) }),
    );
  });
});

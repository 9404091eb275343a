import { expect, it } from "vitest";
import { shownAnswer, shownItem, toShown } from "./shown.ts";

const OPEN = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">';

it("takes what it knows, copied, and reads each field once", () => {
  let reads = 0;
  const returned = {
    get description() {
      reads++;
      return "two";
    },
    rows: [
      ["a", "1"],
      ["b", "2", "wrong"],
    ],
    svg: `${OPEN}<g><circle r="2"/><text>a &lt; b</text></g></svg>`,
    other: () => "never",
  };
  const shown = toShown(returned);
  expect(shown).toEqual({ description: "two", rows: returned.rows, svg: returned.svg });
  expect([reads, Object.is(shown.rows, returned.rows)]).toEqual([1, false]);
  expect(toShown({})).toEqual({});
});

it("cuts what is long, and says so", () => {
  const rows = Array.from({ length: 103 }, (_, i) => [`${i}`, "x"]);
  const shown = toShown({ description: "d".repeat(1_001), rows });
  expect(shown.description).toBe(`${"d".repeat(960)}… (1001 characters)`);
  expect(toShown(shown)).toEqual(shown);
  expect([shown.rows?.length, shown.rows?.at(-1)]).toEqual([100, ["…", "4 more rows"]]);
});

it.each<readonly [unknown, string]>([
  [undefined, "it must be an object"],
  ["text", "it must be an object"],
  [{ description: 7 }, "description must be text"],
  [{ rows: {} }, "rows must be a list"],
  [{ rows: [["a"]] }, "rows[0][1] must be text"],
  [{ rows: [["a", "b", "good"]] }, 'rows[0][2] must be "right"'],
  [{ svg: "<svg/>" }, "svg must be text that begins with"],
  [{ svg: "<svg>" }, "svg must be text that begins with"],
  [{ svg: `${OPEN}${" ".repeat(100_000)}</svg>` }, "svg has 100064 characters"],
  ...[
    "script",
    "image",
    "foreignObject",
    "style",
    "use",
    "a",
    "animate",
    "filter",
    "pattern",
    "mask",
    "marker",
    "SCRIPT",
    "svg:use",
    "!DOCTYPE",
    "!--",
    "![CDATA[",
    "?xml",
    "",
  ].map((name) => [{ svg: `${OPEN}<${name} x="1"/></svg>` }, `svg has <${name}>`] as const),
])("refuses %j", (returned, why) => {
  expect(() => toShown(returned)).toThrow(why);
});

it("asks a task, and puts down to it what goes wrong", async () => {
  const task = {
    name: "even",
    showItem: (item: unknown) => ({ description: `item ${item}` }),
    showAnswer: (_: unknown, text: string) => new Promise<never>((_, reject) => text && reject("no luck")),
  };
  expect(await shownItem(task, 4)).toEqual({ description: "item 4" });
  expect(await shownItem({ name: "even" }, 4)).toBeUndefined();
  const failing = (text: string) => shownAnswer(task, 4, text, { timeoutMs: 20 });
  const error = { code: "plugin-failed", message: 'showAnswer() of task "even" failed: no luck' };
  await expect(failing("x")).rejects.toMatchObject(error);
  await expect(failing("")).rejects.toThrow("it took longer than 20 ms");
});

import { expect, test } from "vitest";
import { createBatcher } from "./batcher.ts";
import type { Row } from "./row.ts";

interface TestRow extends Row {
  readonly name: string;
  isOver: boolean;
  error?: unknown;
}

function row(name: string, prompt = 1, maxTokens = 1): TestRow {
  const made: TestRow = {
    name,
    prompt: Array(prompt).fill(0),
    maxTokens,
    isOver: false,
    write: () => 0,
    fail: (error) => {
      made.error = error;
      made.isOver = true;
    },
  };
  return made;
}

function finish(rows: readonly Row[]): void {
  for (const each of rows) (each as TestRow).isOver = true;
}

/** A batcher, and the batches that it ran by the names of their rows. */
function watched(size: number, contextLength: number, run = finish) {
  const batches: string[] = [];
  const batcher = createBatcher(size, contextLength, async (rows) => {
    batches.push((rows as readonly TestRow[]).map(({ name }) => name).join(""));
    run(rows);
  });
  return { batcher, batches };
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

test("rows run in order, as many at once as allowed", async () => {
  const { batcher, batches } = watched(2, 100);
  batcher.add([row("a"), row("b")]);
  batcher.add([row("c"), row("d"), row("e")]);
  await settled();
  batcher.add([row("f")]);
  await settled();
  expect(batches).toEqual(["ab", "cd", "e", "f"]);
});

test("a long prompt and a long completion that do not fit together run after each other", async () => {
  const { batcher, batches } = watched(8, 100);
  batcher.add([row("a", 90, 10), row("b", 5, 10), row("c", 10, 90), row("d", 10, 20)]);
  await settled();
  expect(batches).toEqual(["ab", "cd"]);
});

test("rows that are over before their turn are not run; a failed batch does not stop the next", async () => {
  const { batcher, batches } = watched(1, 100, (rows) => {
    if ((rows[0] as TestRow).name === "a") throw new Error("broken");
    finish(rows);
  });
  const [a, b, c] = [row("a"), row("b"), row("c")];
  batcher.add([a, b, c]);
  b.isOver = true;
  await settled();
  expect(batches).toEqual(["a", "c"]);
  expect([a.error, b.error, c.error]).toEqual([new Error("broken"), undefined, undefined]);
});

test("a row that its batch left unfinished is told so", async () => {
  const { batcher } = watched(1, 100, () => {});
  const left = row("a");
  batcher.add([left]);
  await settled();
  expect(left.error).toMatchObject({ code: "model-failed" });
});

test("stop fails what runs and waits, and waits for the end", async () => {
  const { batcher } = watched(1, 100);
  const rows = [row("a"), row("b")];
  batcher.add(rows);
  await batcher.stop("closed");
  expect(rows.map(({ error }) => error)).toEqual(["closed", "closed"]);
});

import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { createRedraw } from "./redraw.ts";

function screenOf(rows: number): PassThrough & NodeJS.WriteStream {
  return Object.assign(new PassThrough(), { isTTY: true, columns: 40, rows }) as never;
}

test("lines take the place of those before them, the same ones are not drawn again, and the cursor comes back", () => {
  const screen = screenOf(24);
  const listeners = process.listenerCount("exit");
  const { draw, done } = createRedraw(screen);
  draw("one\ntwo");
  expect(String(screen.read())).toBe("\u001b[?25lone\ntwo\n");
  draw("one\ntwo");
  expect(screen.read()).toBe(null);
  draw("three");
  expect(String(screen.read())).toBe("\u001b[2K\u001b[1A\u001b[2K\u001b[1A\u001b[2K\u001b[Gthree\n");
  expect(process.listenerCount("exit")).toBe(listeners + 1);
  done();
  expect(String(screen.read())).toBe("\u001b[?25h");
  expect(process.listenerCount("exit")).toBe(listeners);
  // What stays is not drawn over.
  draw("four");
  expect(String(screen.read())).toBe("\u001b[?25lfour\n");
  done();
});

test("a window that is too low has the last lines", () => {
  const screen = screenOf(3);
  const { draw, clear, done } = createRedraw(screen);
  draw("1\n2\n3\n4");
  expect(String(screen.read())).toBe("\u001b[?25l3\n4\n");
  clear();
  expect(String(screen.read())).toBe("\u001b[2K\u001b[1A\u001b[2K\u001b[1A\u001b[2K\u001b[G");
  done();
});

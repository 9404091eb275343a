import * as countdown from "@rrr/task-countdown";
import { expect, it } from "vitest";

// To add a name here is to promise it; to remove one is to break somebody's program.
it("@rrr/task-countdown exports this and nothing else", () => {
  expect(Object.keys(countdown).toSorted()).toEqual([
    "countdown",
    "countdownSchema",
    "default",
    "loadItems",
    "solve",
    "splitOf",
    "verifyCountdown",
  ]);
});

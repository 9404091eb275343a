import { join } from "node:path";
import { expect, test } from "vitest";
import { project } from "../../test/plugin-files.ts";
import { stoppedText } from "./stopped.ts";

test("the newest checkpoint, as a command to type: what the user typed, quoted for the shell", () => {
  const files = ["step-000010", "step-000020"].map((name) => [
    `my runs/checkpoints/${name}/config.json`,
    "{}",
  ]);
  const folder = join(project(Object.fromEntries(files)), "my runs");
  const options = { preset: "hard", range: [1, 2] };
  const stopped = { folder, stage: "train", plugin: "./my task.js", options } as const;
  const newest = join(folder, "checkpoints", "step-000020");
  expect(stoppedText(stopped).split("\n")).toEqual([
    "rrr: stopped in training; every finished step is kept",
    `     Kept: "${join(folder, "run.db")}", an SQLite database of every finished stage and step`,
    `     Newest model: npx rrr run "./my task.js" --preset hard --task.range "[1,2]" --no-train --model "${newest}"`,
    "",
  ]);
});

test("what was cut is said, and no command without a checkpoint", () => {
  const stopped = { folder: project({}), stage: "before", plugin: "countdown", options: {} } as const;
  const text = stoppedText(stopped);
  expect(text).toContain("the evaluation before training, which was not finished and is not kept");
  expect(text).not.toContain("npx rrr");
});

import { Command } from "commander";
import { expect, test } from "vitest";
import { joinNamedOptions } from "./named-options.ts";
import { addTaskOptions, toTaskOptions } from "./task-options.ts";

function options(...argv: readonly string[]): unknown {
  const command = addTaskOptions(new Command("x"))
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  return toTaskOptions(command.parse(joinNamedOptions(argv), { from: "user" }).opts());
}

test("options of the task are those of the plugin's factory: JSON where it is JSON, else text", () => {
  expect(options("--preset", "hard", "--data", "a.jsonl")).toEqual({ preset: "hard", data: "a.jsonl" });
  expect(options("--task.mode", "bfcl", "--task.count=4", "--task.range", '{"min":1}')).toEqual({
    mode: "bfcl",
    count: 4,
    range: { min: 1 },
  });
  expect(options("--task.text=a=b\nc")).toEqual({ text: "a=b\nc" });
  expect(options()).toEqual({});
});

test("an option without a value is refused; what follows -- is left alone", () => {
  expect(() => options("--task.mode")).toThrow(/--task\.<name> <value>/);
  expect(joinNamedOptions(["--", "--task.mode", "x"])).toEqual(["--", "--task.mode", "x"]);
});

import { describe, expect, it } from "vitest";
import { countdownSchema } from "./item.ts";

const validate = countdownSchema["~standard"].validate;

describe("the item schema", () => {
  it("takes a problem as it is", async () => {
    const item = { numbers: [0, 25, 7], target: -18 };
    expect(await validate(item)).toEqual({ value: item });
  });

  it.each([
    [null, 'an item must be {"numbers": […], "target": …}, got null'],
    [[1, 2], 'an item must be {"numbers": […], "target": …}, got [1,2]'],
    [{ target: 1 }, "numbers must be a list of whole numbers, got undefined"],
    [{ numbers: [], target: 1 }, "numbers must be a list of whole numbers, got []"],
    [{ numbers: "1, 2", target: 1 }, 'numbers must be a list of whole numbers, got "1, 2"'],
    [{ numbers: [1, 2.5], target: 1 }, "numbers[1] must be a whole number ≥ 0, got 2.5"],
    [{ numbers: [1, -2], target: 1 }, "numbers[1] must be a whole number ≥ 0, got -2"],
    [{ numbers: [1, "2"], target: 1 }, 'numbers[1] must be a whole number ≥ 0, got "2"'],
    [{ numbers: [1, 2] }, "target must be a whole number, got undefined"],
    [{ numbers: [1, 2], target: 2 ** 53 }, "target must be a whole number, got 9007199254740992"],
  ])("refuses %j", async (item, message) => {
    expect((await validate(item)).issues?.map((issue) => issue.message)).toEqual([message]);
  });
});

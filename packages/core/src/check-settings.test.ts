import { expect, test } from "vitest";
import { checkSettings, type SettingChecks, setting } from "./check-settings.ts";

interface Search {
  readonly depth: number;
  readonly share: number;
  readonly order: "best" | "first";
  readonly quiet: boolean;
  readonly onDone?: () => void;
  readonly limits: { readonly nodes: number };
}

const checks: SettingChecks<Search> = {
  depth: setting.wholeNumber(1),
  share: setting.number(0, 1),
  order: setting.oneOf(["best", "first"], "a function"),
  quiet: setting.boolean(),
  onDone: setting.optional(setting.thatIs((value) => typeof value === "function", "a function")),
  limits: setting.group({ nodes: setting.number(0) }),
};

const search: Search = { depth: 2, share: 0.5, order: "best", quiet: true, limits: { nodes: 1.5 } };

test("settings that are in range come back as they are", () => {
  expect(checkSettings("search", search, checks)).toBe(search);
  const all = { ...search, share: 1, onDone: () => {} };
  expect(checkSettings("search", all, checks)).toBe(all);
});

test.each([
  [{ dephts: 3 }, 'search has no setting "dephts"', /^Did you mean "depth"\? It has depth, share, order, /],
  [{ verbose: true }, 'search has no setting "verbose"', /^It has depth, /],
  [{ depth: undefined }, "depth is undefined, not a whole number of at least 1", undefined],
  [{ depth: 0 }, "depth is 0, not a whole number of at least 1", undefined],
  [{ depth: 1.5 }, "depth is 1.5, not a whole number of at least 1", undefined],
  [{ depth: "2" }, 'depth is "2", not a whole number of at least 1', undefined],
  [{ depth: 2 ** 53 }, "depth is 9007199254740992, not a whole number of at least 1", undefined],
  [{ share: -0.1 }, "share is -0.1, not a number from 0 to 1", undefined],
  [{ share: 1.1 }, "share is 1.1, not a number from 0 to 1", undefined],
  [{ share: Number.NaN }, "share is NaN, not a number from 0 to 1", undefined],
  [{ order: "frist" }, 'order is "frist"', /^Did you mean "first"\? It may be best, first, or a function\.$/],
  [{ order: 3 }, "order is 3", /^It may be best, first, or a function\.$/],
  [{ quiet: 1 }, "quiet is 1, not true or false", undefined],
  [{ onDone: "later" }, 'onDone is "later", not a function', undefined],
  [{ limits: null }, "limits is null, not an object of settings", undefined],
  [{ limits: {} }, "limits.nodes is undefined, not a number of at least 0", undefined],
  [
    { limits: { nodes: Number.POSITIVE_INFINITY } },
    "limits.nodes is Infinity, not a number of at least 0",
    undefined,
  ],
  [{ limits: { nodes: 1, node: 1 } }, 'limits has no setting "node"', /^Did you mean "nodes"\? /],
])("%o is refused by name", (wrong, message, hint) => {
  const given = { ...search, ...wrong } as unknown as Search;
  expect(() => checkSettings("search", given, checks)).toThrow(
    expect.objectContaining({
      code: "bad-argument",
      message,
      hint: hint === undefined ? undefined : expect.stringMatching(hint),
    }),
  );
});

test("a setting without a check is a type error", () => {
  const { depth: _, ...others } = checks;
  // @ts-expect-error: depth is missing
  const forgetful: SettingChecks<Search> = others;
  expect(() => checkSettings("search", search, forgetful)).toThrow('search has no setting "depth"');
});

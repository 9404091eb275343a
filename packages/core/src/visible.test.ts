import fc from "fast-check";
import { expect, test } from "vitest";
import { visible, visibleJson } from "./visible.ts";

test.each([
  ["an escape sequence", "\u001b[2J\u001b]52;c;aGk=\u0007", "\\u{1b}[2J\\u{1b}]52;c;aGk=\\u{7}"],
  ["a link of OSC 8", "\u001b]8;;http://a\u001b\\b", "\\u{1b}]8;;http://a\\u{1b}\\b"],
  ["C1 controls, DEL and NUL", "\u009b31m\u009d\u007f\0", "\\u{9b}31m\\u{9d}\\u{7f}\\u{0}"],
  ["what overwrites a line", "fail\rpass\b\u000b\u000c\u0085", "fail\\u{d}pass\\u{8}\\u{b}\\u{c}\\u{85}"],
  [
    "bidi",
    "\u202ea\u202c\u2066b\u2069\u200f\u061c",
    "\\u{202e}a\\u{202c}\\u{2066}b\\u{2069}\\u{200f}\\u{61c}",
  ],
  [
    "zero width",
    "a\u200bb\u200cc\u200dd\u2060e\ufefff",
    "a\\u{200b}b\\u{200c}c\\u{200d}d\\u{2060}e\\u{feff}f",
  ],
  ["tags", "a\u{e0041}\u{e007f}", "a\\u{e0041}\\u{e007f}"],
  ["selectors that carry data", "a\ufe01\u{e0101}", "a\\u{fe01}\\u{e0101}"],
  [
    "other separators, soft hyphens, fillers",
    "\u2028\u2029\u00ad\u3164",
    "\\u{2028}\\u{2029}\\u{ad}\\u{3164}",
  ],
  ["half of a pair", "\ud800x", "\\u{d800}x"],
])("%s", (_, text, shown) => {
  expect(visible(text)).toBe(shown);
});

test("lines, tabs, scripts and emoji stay as they are", () => {
  const text = "a\tb\nשלום عربي नमस्ते 漢字 é ✔️ 👩‍💻 👩🏽‍💻 ❤️‍🔥 \\u{1b}";
  expect(visible(text)).toBe(text);
});

test("nothing that is hidden comes through, what is visible is not touched, and twice is once", () => {
  const unit = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom("\u001b", "\r", "\u202e", "\u{e0020}"),
  );
  fc.assert(
    fc.property(fc.array(unit), (parts) => {
      const shown = visible(parts.join(""));
      expect(shown).not.toMatch(
        /(?![\t\n])[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200b\u202a-\u202e\u2066-\u2069]/u,
      );
      expect(visible(shown)).toBe(shown);
    }),
  );
});

test("JSON stays exact, and has no hidden character either", () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: "binary" }), (value) => {
      const json = visibleJson(value);
      expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(visible(json)).toBe(json);
    }),
  );
  expect(visibleJson("\u202e\u{e0041}\u001b\u009b")).toBe('"\\u202e\\udb40\\udc41\\u001b\\u009b"');
});

import fc from "fast-check";
import { expect, it } from "vitest";
import { checkEndpoint, checkHubId, checkRevision, mayGetToken } from "./hub-names.ts";

it.each([
  ["https://huggingface.co", true],
  ["http://huggingface.co", false],
  ["http://203.0.113.7:8080", false],
  ["http://127.0.0.1:8080", true],
  ["http://192.168.1.5", true],
])("a token may go to %s: %s", (url, may) => {
  expect(mayGetToken(new URL(url))).toBe(may);
});

it("an id and a revision that pass stay within the path that they are put into", () => {
  const passes = (check: (text: string) => void, text: string): boolean => {
    try {
      check(text);
      return true;
    } catch {
      return false;
    }
  };
  const letters = fc.string({ unit: fc.constantFrom(..."aZ0._-/\\%?#@:. \n\0é"), maxLength: 12 });
  fc.assert(
    fc.property(letters, (text) => {
      if (passes(checkHubId, text)) expect(new URL(`http://h/${text}/x`).pathname).toBe(`/${text}/x`);
      if (passes(checkRevision, text)) {
        expect(new URL(`http://h/${encodeURIComponent(text)}/x`).pathname.split("/")).toHaveLength(3);
      }
    }),
  );
  expect(passes(checkHubId, "Qwen/Qwen3-0.6B")).toBe(true);
  expect(passes(checkHubId, "gpt2")).toBe(true);
  expect(passes(checkRevision, "refs/pr/1")).toBe(true);
});

it.each(["ftp://a", "https://u:p@a", "https://a?token=b", "nothing"])("%s is no hub", (endpoint) => {
  expect(() => checkEndpoint(endpoint)).toThrow("the hub's address");
});

it("an address of a hub ends without a slash", () => {
  expect(checkEndpoint("https://mirror.example/hf/")).toBe("https://mirror.example/hf");
});

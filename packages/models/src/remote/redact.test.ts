import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createAnswerRedactor, createRedactor } from "./redact.ts";

const key = "sk-0123456789/abc+def";
const redact = createRedactor([key]);
const base64 = (text: string): string => Buffer.from(text).toString("base64");

describe("createRedactor", () => {
  it.each<[string, string]>([
    ["as it is", key],
    ["in a URL", encodeURIComponent(key)],
    ["in a URL, in small letters", encodeURIComponent(key).toLowerCase()],
    ["in a URL, every letter of it", Buffer.from(key).toString("hex").replace(/../g, "%$&")],
    ["in other cases", key.toUpperCase()],
    ["in base64", base64(key)],
    ["in base64 for URLs", Buffer.from(key).toString("base64url")],
    ["in hexadecimal", Buffer.from(key).toString("hex")],
    ["with a letter escaped for JSON", key.replace("a", "\\u0061")],
    ["with a slash escaped for JSON", key.replace("/", "\\/")],
    ["with letters escaped for HTML", key.replace("/", "&#47;").replace("+", "&#x2B;")],
    ["broken by a line", key.replace("abc", "a\nbc")],
    ["broken by an escaped line", key.replace("abc", "a\\nbc")],
    ["broken by what nobody sees", key.replace("abc", "a\u200bbc")],
  ])("finds a key %s", (_, said) => expect(redact(`Wrong: ${said}.`)).toBe("Wrong: [redacted]."));

  it.each(["", "x", "xy", "xyz"])("finds a key within a text in base64, %j before it", (before) => {
    const rest = redact(base64(`${before}${key}${before}`));
    expect(rest).toContain("[redacted]");
    expect(rest.replace("[redacted]", "").length).toBeLessThanOrEqual(2 * 4 + before.length * 3);
  });

  it.each([0, 1, 2])(
    "takes the last letter and the padding of a key in base64, %j bytes after it",
    (more) => {
      for (const long of [key, `${key}1`, `${key}12`]) {
        const encoded = base64(long + "z".repeat(more));
        for (const said of [encoded, encoded.replaceAll("=", "%3D"), encoded.replaceAll("=", "\\u003d")]) {
          const rest = createRedactor([long])(`Wrong: ${said}.`);
          if (more === 0) expect(rest).toBe("Wrong: [redacted].");
          else expect(rest).toMatch(/^Wrong: \[redacted\][\w+/]{0,3}(?:=|%3D|\\u003d){0,2}\.$/);
        }
      }
    },
  );

  it("leaves nothing of a key wherever it stands", () => {
    const secret = fc.stringMatching(/^[\x21-\x7e]{8,40}$/);
    fc.assert(
      fc.property(secret, fc.string(), fc.string(), (each, before, after) => {
        expect(createRedactor([each])(before + each + after)).not.toContain(each);
        expect(createRedactor([each])(before + encodeURIComponent(each) + after)).not.toContain(each);
      }),
    );
  });

  it("takes short secrets out of what servers say, and leaves them in answers", () => {
    expect(createRedactor(["ollama"])("no ollama")).toBe("no [redacted]");
    expect(createAnswerRedactor(["ollama", key])(`no ollama, ${key}`)).toBe("no ollama, [redacted]");
  });

  it("leaves everything without secrets", () => expect(createRedactor([])("any")).toBe("any"));
});

import { describe, expect, test } from "vitest";
import { createScrub } from "./scrub.ts";

const scrub = createScrub({
  paths: ["/srv/My Models/qwen", "C:\\Users\\zelda\\run-1"],
  addresses: ["vulcan-7", "atlas", "atlas:8000"],
  names: ["zelda", "MY_HIDDEN_VAR", "x-gate"],
});

describe("texts", () => {
  test.each([
    ["a path", "see /home/zelda/a/b.txt.", "see [path]"],
    ["a known one with blanks", "in /srv/My Models/qwen, today", "in [path], today"],
    ["in JSON", String.raw`{"p":"C:\\Users\\zelda\\run-1"}`, `{"p":"[path]"}`],
    ["of Windows", String.raw`D:\data\x.csv is missing`, "[path] is missing"],
    ["a share", String.raw`at \\nas-4\models\x`, "at [path]"],
    ["from a home", "~/notes and ~bob/x/y", "[path] and [path]"],
    ["from here", "./a/b.json ../c/d", "[path] [path]"],
    ["an address", "POST https://me:pw@api.acme.io:8443/v1/chat?k=1 failed", "POST [address] failed"],
    ["a host", "gpu.rack4.internal and db.acme.com:5432", "[address] and [address]"],
    ["numbers", "10.1.2.3:80, fe80::1 and 2001:db8:0:1:2:3:4:5", "[address], [address] and [address]"],
    ["localhost", "localhost:8080", "[address]"],
    ["a known host", "vulcan-7 fell silent; so did Atlas", "[address] fell silent; so did [address]"],
    ["mail", "write to zelda.f@acme.io", "write to [address]"],
    ["a login", "ssh zelda@vulcan-7", "ssh [address]"],
    ["keys", "sk-proj-abc123DEF, hf_abcdefgh123, Bearer abc.def-123456", "[key], [key], [key]"],
    ["a token", "eyJhbGciOiJI.eyJzdWIiOiIx.abc", "[key]"],
    ["a variable", "set OPENAI_API_KEY or MY_HIDDEN_VAR", "set [name] or [name]"],
    ["a user, a header", "Zelda sent x-gate", "[name] sent [name]"],
  ])("%s", (_, text, quiet) => {
    expect(scrub.text(text)).toBe(quiet);
    expect(scrub.text(quiet)).toBe(quiet);
  });

  test.each([
    "(3*11)/3/2 is 5.5; 72/62/42 and 8/(3-8/3)",
    "<think>3+3=6,11: 11-(3+3)=5 no.</think><answer>(3*11)*3</answer>",
    "either/or, 9:30, 12:30:45, target:815, step 3/7, 28.3 % [18.5, 40.8]",
    String.raw`\\frac{1}{2} \\ \alpha\beta and \n`,
    "numpy.mean(x), a.b.c, file.json, e.g. this, v1.2.3",
    "std::vector, it's basic arithmetic, the bearer of news",
    "f(x) = x/y + a/b/c",
  ])("what only looks like it stays: %s", (text) => {
    expect(scrub.text(text)).toBe(text);
  });

  test("rrr's own words stay, also where a host is called by one", () => {
    const plain = createScrub({ paths: [], addresses: ["model"], names: ["share"] });
    expect(plain.own("share of problems by the model")).toBe("share of problems by the model");
    expect(plain.text("ask the model")).toBe("ask the [address]");
  });

  test("long hostile texts take no time", () => {
    const begun = performance.now();
    for (const part of ["a", "a.", "/a", "a@", "~", "[", "\\", "a:", "::", "-"]) {
      scrub.message(part.repeat(20_000 / part.length));
    }
    expect(performance.now() - begun).toBeLessThan(5_000);
  });
});

describe("messages of errors keep words and short numbers", () => {
  test.each([
    ["connect ECONNREFUSED 10.0.0.7:8000", "connect ECONNREFUSED [name]"],
    ["getaddrinfo ENOTFOUND hermes", "getaddrinfo ENOTFOUND [name]"],
    ["the server answered 401: wrong key (k3y9)", "the server answered 401: wrong key ([…])"],
    ["user mallory of org-4f2 is over 90 % of its quota.", "user [name] of […] is over 90 % of its quota."],
    ["it doesn't fit, by 12.5 points", "it doesn't fit, by 12.5 points"],
  ])("%s", (text, quiet) => {
    expect(scrub.message(text)).toBe(quiet);
  });
});

import { expect, test } from "vitest";
import { boundedTemplate } from "./bounded-template.ts";

const messages = [
  { role: "user", content: "hello ".repeat(300) },
  { role: "assistant", content: "x" },
];
const render = (source: string) => boundedTemplate(source)({ messages });
const doubling = (what: string, times: number) =>
  `{% set ns = namespace(x=${what}) %}{% for i in range(${times}) %}{% set ns.x = ns.x + ns.x %}{% endfor %}`;
const nesting =
  "{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}";

test.each([
  ["a range without end", "{% for i in range(10**9) %}{% endfor %}"],
  ["a range of no steps", "{{ range(0, 10, 0) }}"],
  [
    "loops in loops",
    "{% set r = range(10000) %}{% for i in r %}{% for j in r %}{% for k in r %}{% endfor %}{% endfor %}{% endfor %}",
  ],
  ["a text that doubles", `${doubling("'aaaaaaaa'", 40)}{{ ns.x }}`],
  ["a list that doubles", doubling("[1, 2]", 40)],
  ["lists in lists, as JSON", `${nesting}{{ ns.x | tojson }}`],
  ["lists in lists, as text", `${nesting}{{ ns.x }}`],
  ["a thing within itself", "{% set ns = namespace(x=1) %}{% set ns.x = ns %}{{ ns | tojson }}"],
  ["a macro that calls itself", "{% macro f(n) %}{{ f(n - 1) }}{{ f(n - 1) }}{% endmacro %}{{ f(100) }}"],
  [
    "copies that are kept",
    `${doubling("'aaaaaaaa'", 14)}{% set ns.l = [] %}{% for i in range(10000) %}{% set ns.l = ns.l + [ns.x | upper] %}{% endfor %}`,
  ],
  ["a wide indentation", "{{ 'a\\nb\\nc' | indent(100000000) }}"],
  ["wide JSON", "{{ messages | tojson(indent=10000000) }}"],
  ["replacements", `${doubling("'aaaaaaaa'", 15)}{{ ns.x | replace('', ns.x) }}`],
  ["brackets without end", `{{ ${"(".repeat(100_000)}1${")".repeat(100_000)} }}`],
])("%s is an error, in time and memory", (_, source) => {
  const before = process.memoryUsage().rss;
  const started = performance.now();
  expect(() => render(source)).toThrow();
  expect(performance.now() - started).toBeLessThan(6000);
  expect(process.memoryUsage().rss - before).toBeLessThan(1e9);
});

test("a template that takes minutes to read is stopped", { timeout: 30_000 }, () => {
  expect(() => render(`${"\n".repeat(900_000)}{% if true %}{% endif %}`)).toThrow(
    expect.objectContaining({
      code: "bad-model",
      message: expect.stringContaining("does not come to an end"),
    }),
  );
});

test("what real templates use is there", () => {
  expect(render("{% for m in messages[::-1] %}{{ loop.index0 }}{{ m.role | trim }} {% endfor %}")).toBe(
    "0assistant 1user ",
  );
  expect(render("{{ range(3) | join(',') }}{{ range(5, 0, -2) | join(',') }}")).toBe("0,1,25,3,1");
  expect(render("{{ strftime_now('%Y') }}")).toBe(String(new Date().getFullYear()));
  expect(render("{% if tools is defined %}t{% endif %}{{ True and not false }}{{ none is none }}")).toBe(
    "truetrue",
  );
  expect(() => render("{{ raise_exception('no system role') }}")).toThrow("no system role");
});

test("long conversations cost what they are long, not the template's limit", () => {
  const long = Array.from({ length: 400 }, (_, i) => ({
    role: i % 2 ? "assistant" : "user",
    content: "word ".repeat(500),
  }));
  const source =
    "{% for m in messages %}{% if loop.index0 == messages | length - 1 %}!{% endif %}{{ m.role + m.content }}{% endfor %}";
  expect(boundedTemplate(source)({ messages: long }).length).toBeGreaterThan(1_000_000);
});

import { messageOf, RrrError } from "./errors.ts";
import { show } from "./show.ts";
import type { Task } from "./task.ts";
import { callWithin, type VerifySettings } from "./time-limit.ts";

/** What a reader is shown of an item or of an answer, beside its text. */
export interface Shown {
  /** One or two sentences. */
  readonly description?: string;
  readonly rows?: readonly ShownRow[];
  /** A picture of shapes and texts: see `toShown`. It is drawn on white. */
  readonly svg?: string;
}

/** A line of a table; `mark` says whether it is as it should be. */
export type ShownRow = readonly [label: string, value: string, mark?: "right" | "wrong"];

/** Characters and rows that are shown. Longer texts are cut, and say so; a longer picture is refused. */
const MOST = { description: 1_000, rows: 100, label: 200, value: 4_000, svg: 100_000 };

/** Room for the note that a text was cut: one that has it is not cut once more. */
const NOTE = 40;

/** Nothing in them refers to, loads or runs anything, and none can be nested into more than its own text. */
const ELEMENTS: ReadonlySet<string> = new Set([
  ...["svg", "g", "defs", "title", "desc", "text", "tspan", "linearGradient", "radialGradient", "stop"],
  ...["path", "rect", "circle", "ellipse", "line", "polyline", "polygon"],
]);

/**
 * How a task shows an item to a person.
 * @returns undefined where it does not say
 * @throws RrrError `plugin-failed`: it threw, took too long, or returned what cannot be shown
 */
export function shownItem<Item>(
  task: Pick<Task<Item>, "name" | "showItem">,
  item: Item,
  settings: VerifySettings = {},
): Promise<Shown | undefined> {
  return shown(task, "showItem", task.showItem && (() => task.showItem?.(item)), settings);
}

/** How a task shows an answer to an item: `shownItem` of it. */
export function shownAnswer<Item>(
  task: Pick<Task<Item>, "name" | "showAnswer">,
  item: Item,
  completion: string,
  settings: VerifySettings = {},
): Promise<Shown | undefined> {
  return shown(task, "showAnswer", task.showAnswer && (() => task.showAnswer?.(item, completion)), settings);
}

async function shown(
  { name }: { readonly name: string },
  method: string,
  call: (() => unknown) | undefined,
  settings: VerifySettings,
): Promise<Shown | undefined> {
  if (call === undefined) return undefined;
  try {
    const called = await callWithin("it", settings, call);
    if (called.kind === "stopped") throw called.error;
    return toShown(called.value);
  } catch (cause) {
    // Where it runs elsewhere, it was attributed there.
    if (RrrError.is(cause, "plugin-failed")) throw cause;
    throw new RrrError("plugin-failed", `${method}() of task "${name}" failed: ${messageOf(cause)}`, {
      cause,
    });
  }
}

/**
 * What a plugin returned, as it can be shown: copied, each field read once, and cut to a length that a page has room for.
 * @throws TypeError that says what is wrong with it
 */
export function toShown(returned: unknown): Shown {
  const { description, rows, svg } = (returned ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof returned !== "object" || returned === null) throw wrong("it", "an object", returned);
  return {
    ...(description === undefined
      ? {}
      : { description: textOf("description", description, MOST.description) }),
    ...(rows === undefined ? {} : { rows: rowsOf(rows) }),
    ...(svg === undefined ? {} : { svg: svgOf(svg) }),
  };
}

function rowsOf(rows: unknown): readonly ShownRow[] {
  if (!Array.isArray(rows)) throw wrong("rows", "a list of [label, value]", rows);
  const known = rows.length > MOST.rows ? rows.slice(0, MOST.rows - 1) : rows;
  const texts = known.map((row: unknown, i): ShownRow => {
    if (!Array.isArray(row)) throw wrong(`rows[${i}]`, "[label, value]", row);
    const [label, value, mark] = row as readonly unknown[];
    if (mark !== undefined && mark !== "right" && mark !== "wrong") {
      throw wrong(`rows[${i}][2]`, '"right", "wrong" or absent', mark);
    }
    const cells = [
      textOf(`rows[${i}][0]`, label, MOST.label),
      textOf(`rows[${i}][1]`, value, MOST.value),
    ] as const;
    return mark === undefined ? cells : [...cells, mark];
  });
  const left = rows.length - known.length;
  return left === 0 ? texts : [...texts, ["…", `${left} more rows`]];
}

function textOf(field: string, text: unknown, most: number): string {
  if (typeof text !== "string") throw wrong(field, "text", text);
  return text.length <= most ? text : `${text.slice(0, most - NOTE)}… (${text.length} characters)`;
}

/** XML has no `<` but that of a tag: every element is seen, whatever is around it. */
function svgOf(svg: unknown): string {
  if (typeof svg !== "string") throw wrong("svg", "text", svg);
  if (svg.length > MOST.svg) throw new TypeError(`svg has ${svg.length} characters, at most ${MOST.svg}`);
  if (!/^<svg\s[^>]*\bxmlns="http:\/\/www\.w3\.org\/2000\/svg"/.test(svg)) {
    throw wrong("svg", 'text that begins with <svg xmlns="http://www.w3.org/2000/svg" …>', svg);
  }
  for (const [, name = ""] of svg.matchAll(/<\/?([^\s/>]*)/g)) {
    if (!ELEMENTS.has(name)) {
      throw new TypeError(`svg has <${name.slice(0, 40)}>; it may have ${[...ELEMENTS].join(", ")}`);
    }
  }
  // Half of a surrogate pair is in no address, and a picture is shown by one.
  return svg.replaceAll(/\p{Cs}/gu, "\ufffd");
}

function wrong(field: string, expected: string, got: unknown): TypeError {
  return new TypeError(`${field} must be ${expected}, got ${show(got)}`);
}

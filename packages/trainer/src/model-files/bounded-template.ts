import { Environment, Interpreter, parse, Template, tokenize } from "@huggingface/jinja";
import { withinTime } from "./within-time.ts";

/** The longest chat template in use has about 30,000 characters. */
const MAX_SOURCE = 1_000_000;
/** What a render may cost, and besides for each character that it is given. A real one costs less than a hundredth. */
const COST = 10_000_000;
const COST_PER_CHARACTER = 1000;
const COST_OF_STEP = 8;
const COST_OF_ELEMENT = 32;
const MAX_RANGE = 10_000;

interface Value {
  readonly value: unknown;
}

interface Scope {
  readonly variables: ReadonlyMap<string, Value>;
  set(name: string, value: unknown): unknown;
}

/** The library's declarations of these do not resolve in an ES module: what of them is used. */
const BaseInterpreter = Interpreter as new (
  scope: Scope,
) => {
  run(program: unknown): Value;
  evaluate(statement: unknown, scope: Scope): Value;
};
const newScope = (): Scope => new Environment() as Scope;

export type Render = (variables: Readonly<Record<string, unknown>>) => string;

/**
 * A Jinja template from a stranger: rendering ends, and takes no more memory than a multiple of what it is given.
 * @throws whatever is wrong with the template, also from rendering
 */
export function boundedTemplate(source: string): Render {
  if (source.length > MAX_SOURCE) throw new Error(`it is ${source.length} characters long`);
  const options = { lstrip_blocks: true, trim_blocks: true };
  const program = withinTime("reading the chat template", () => parse(tokenize(source, options)));
  return (variables) => {
    const scope = newScope();
    for (const [name, value] of Object.entries({ ...GLOBALS, ...variables })) scope.set(name, value);
    const given = [...scope.variables.values()].reduce((sum, value) => sum + sizeOf(value, MAX_SOURCE), 0);
    const interpreter = new BoundedInterpreter(scope, COST + COST_PER_CHARACTER * given);
    return withinTime("rendering the chat template", () => String(interpreter.run(program).value));
  };
}

/** Counts steps, and the sizes of what they come to: 30 lists in lists are few to make, and gigabytes as text. */
class BoundedInterpreter extends BaseInterpreter {
  private left: number;

  constructor(scope: Scope, cost: number) {
    super(scope);
    this.left = cost;
  }

  override evaluate(statement: unknown, scope: Scope): Value {
    const value = super.evaluate(statement, scope);
    this.left -= COST_OF_STEP + sizeOf(value, this.left);
    if (this.left < 0) throw new Error("it builds more text or takes more steps than any conversation needs");
    return value;
  }
}

/** Characters and elements, counted wherever they occur, up to about `most`. */
function sizeOf(value: Value, most: number): number {
  const held: unknown = value.value;
  if (typeof held === "string") return held.length;
  if (!Array.isArray(held) && !(held instanceof Map)) return 0;
  let size = 0;
  for (const [key, element] of held.entries() as Iterable<readonly [string | number, Value]>) {
    size += COST_OF_ELEMENT + (typeof key === "string" ? key.length : 0) + sizeOf(element, most - size);
    if (size > most) break;
  }
  return size;
}

/** What Jinja templates find besides their variables. */
const GLOBALS: Readonly<Record<string, unknown>> = {
  true: true,
  false: false,
  none: null,
  True: true,
  False: false,
  None: null,
  range,
  raise_exception(message: unknown): never {
    throw new Error(String(message));
  },
  strftime_now: (format: unknown) => new Template("{{ strftime_now(format) }}").render({ format }),
};

function range(first: number, last?: number, step = 1): readonly number[] {
  const [start, stop] = last === undefined ? [0, first] : [first, last];
  const count = Math.max(0, Math.ceil((stop - start) / step));
  if (!(count <= MAX_RANGE)) throw new Error(`it asks for a range of ${count} numbers`);
  return Array.from({ length: count }, (_, i) => start + i * step);
}

/**
 * Options whose names are a plugin's business, so that commander cannot know them: `--task.<name> <value>` and
 * `--engine.<name> <value>` are rewritten to values of one option each, `--task <name>=<value>`, before it looks.
 */
import { InvalidArgumentError, type Option } from "commander";

/** The option behind each prefix. */
const OPTIONS = { task: "--task", engine: "--engine-option" } as const;

/** An option as help shows it, which is how people write it. */
export function optionTerm({ flags }: Option): string {
  for (const [prefix, option] of Object.entries(OPTIONS)) {
    if (flags === `${option} <name=value>`) return `--${prefix}.<name> <value>`;
  }
  return flags;
}

/** `--task.name value` and `--task.name=value` as `--task name=value`; what follows `--` stays as it is. */
export function joinNamedOptions(argv: readonly string[]): string[] {
  const out: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] as string;
    if (word === "--") return [...out, ...argv.slice(i)];
    const [, prefix, name, value] = /^--(task|engine)\.([^=]+)(=.*)?$/s.exec(word) ?? [];
    if (prefix === undefined) out.push(word);
    else out.push(OPTIONS[prefix as keyof typeof OPTIONS], `${name}${value ?? `=${argv[++i] ?? ""}`}`);
  }
  return out;
}

/** @param example as a user writes it, for the error */
export function collectNamed(
  example: string,
  text: string,
  before: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  const [, name, value] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    const prefix = example.split(".", 1)[0];
    throw new InvalidArgumentError(`Write --${prefix}.<name> <value>, for example --${example}.`);
  }
  return { ...before, [name]: parseValue(value) };
}

/** Numbers, booleans, lists and objects as JSON; anything else is text. */
function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

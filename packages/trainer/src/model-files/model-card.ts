import { join } from "node:path";
import { type Adapter, targetOf } from "./lora.ts";
import { readTextFile } from "./text-files.ts";

/** What is said of a model that was trained. */
export interface ModelCard {
  /** Name of the model that it was made from; no path of a machine. */
  readonly base: string;
  /** Of the base, as its own card names it; undefined where it does not say. */
  readonly license?: string | undefined;
  readonly adapter?: Adapter | undefined;
  /** A sentence on how it was made, where that is known. */
  readonly made?: string | undefined;
  /** Further parts, by their titles: task, settings, results. */
  readonly parts?: readonly (readonly [title: string, text: string])[];
}

const UNKNOWN = "rrr wrote it; what it was trained on is not known here.";

/** A README.md as model hubs show it. */
export function modelCard({ base, license, adapter, made = UNKNOWN, parts = [] }: ModelCard): string {
  const known = license !== undefined && /^[\w.-]{1,60}$/.test(license) ? license : undefined;
  const head = [
    "---",
    ...(known === undefined ? [] : [`license: ${known}`]),
    `base_model: ${JSON.stringify(base)}`,
    ...(adapter === undefined ? [] : ["library_name: peft"]),
    "tags: [reflect-retry-reward]",
    "---",
  ];
  // A folder may be called anything, and a card is shown as a page.
  const name = base.replaceAll(/[\p{Cc}\p{Cf}`<>[\]*#|!\\]/gu, "");
  const body = [
    `# ${adapter === undefined ? "A model" : "A LoRA adapter"} made from ${name}`,
    made,
    `- Base model: ${name}`,
    `- Licence of the base: ${license ?? "unknown"}`,
    ...(adapter === undefined ? [] : [adapterLine(adapter)]),
    ...parts.map(([title, text]) => `\n## ${title}\n\n${text.trimEnd()}`),
  ];
  return `${head.join("\n")}\n\n${body[0]}\n\n${body[1]}\n\n${body.slice(2).join("\n")}\n`;
}

function adapterLine({ modules, rslora }: Adapter): string {
  const each = (values: Iterable<number>): string => [...new Set(values)].sort((a, b) => a - b).join(", ");
  const ranks = each([...modules.values()].map(({ a }) => a.shape[0] as number));
  const alphas = each([...modules.values()].map(({ alpha }) => alpha));
  const targets = [...new Set([...modules.keys()].map(targetOf))].join(", ");
  return `- Adapter: rank ${ranks}, alpha ${alphas}${rslora ? ", scale by the root of the rank" : ""}, of ${targets}`;
}

/**
 * The licence of a model, as the head of its README.md or the first line of its LICENSE names it. A first line that does not
 * speak of a licence names none: it is told to everyone, and may be of any file that LICENSE leads to.
 */
export async function readLicense(dir: string): Promise<string | undefined> {
  const readme = await readTextFile(join(dir, "README.md")).catch(() => undefined);
  const [, head = ""] = /^---\r?\n([\s\S]*?)\r?\n---/.exec(readme ?? "") ?? [];
  const named = /^license:\s*["']?([\w.-]{1,60})["']?\s*$/m.exec(head)?.[1];
  if (named !== undefined) return named;
  const text = await readTextFile(join(dir, "LICENSE")).catch(() => undefined);
  const [first = ""] = /\S.*/.exec(text ?? "") ?? [];
  return /\blicen[cs]e\b/i.test(first)
    ? first
        .replaceAll(/[^\w .,()-]/g, "")
        .trim()
        .slice(0, 80)
    : undefined;
}

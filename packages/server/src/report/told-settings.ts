import type { RunSetting, SettingDifference } from "@rrr/runs";
import type { Scrub } from "./scrub.ts";

/** Beside those of the plan that rrr itself has values for: names that say nothing of a place, a server or a person. */
const TOLD =
  /^(task option (preset|mode|split|level)|task\.(isolate|presetFrom)|model\.(concurrency|cache|stream|timeoutMs)|reasoning effort|kind of run|engine|seed|problems|limits\.(from\.)?(attempt|reflection|retry)|token limit (attempt|reflection|retry)|retry[. ](layout|temperature)|settings\.(name|from)|system role|version of rrr|answers from the cache|mostErrored)$/;
/** Hashes: enough to say that they differ. */
const HASHED = /^(prompts|file of the task)$/;
const HASH = /^[0-9a-f]{12,}$/;
const HASH_SHOWN = 8;
const PLAIN = /^[\p{L}\d][\p{L}\d_. -]{0,39}$/u;

/** The settings that a report tells, and how many there are beside them: what is not known to be harmless is not told. */
export function toldSettings(
  settings: readonly RunSetting[],
  scrub: Scrub,
): { readonly told: readonly RunSetting[]; readonly left: number } {
  const told = settings.filter(
    (each) => isTold(each.setting, "usual" in each) && [each.value, each.usual].every(plainIn(scrub)),
  );
  return { told, left: settings.length - told.length };
}

/** @param known names of settings that both runs tell */
export function toldDifferences(
  differences: readonly SettingDifference[],
  known: ReadonlySet<string>,
  scrub: Scrub,
): { readonly told: readonly SettingDifference[]; readonly left: number } {
  const told = differences.flatMap(({ setting, values }) => {
    if (HASHED.test(setting) && values.every((value) => value === null || HASH.test(String(value)))) {
      const [a, b] = values.map((value) => value && String(value).slice(0, HASH_SHOWN));
      return [{ setting, values: [a, b] as const }];
    }
    return isTold(setting, known.has(setting)) && values.every(plainIn(scrub)) ? [{ setting, values }] : [];
  });
  return { told, left: differences.length - told.length };
}

function isTold(setting: string, isKnown: boolean): boolean {
  return isKnown || TOLD.test(setting);
}

/** Numbers, yes and no, and words that name a choice. */
function plainIn(scrub: Scrub): (value: unknown) => boolean {
  return function isPlain(value: unknown): boolean {
    if (value === null || value === undefined || typeof value === "number" || typeof value === "boolean") {
      return true;
    }
    if (Array.isArray(value)) return value.length <= 20 && value.every(isPlain);
    return typeof value === "string" && PLAIN.test(value) && scrub.text(value) === value;
  };
}

/** The first place where two JSON values differ, in words; undefined where they are alike. */
export function differenceOf(before: unknown, now: unknown, path = ""): string | undefined {
  if (isObject(before) && isObject(now)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(now)])) {
      const found = differenceOf(before[key], now[key], path === "" ? key : `${path}.${key}`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  const [was, is] = [before, now].map((value) => JSON.stringify(value) ?? "absent");
  return was === is ? undefined : `${path} was ${was} and is now ${is}`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

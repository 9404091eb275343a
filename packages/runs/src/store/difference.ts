/** The places where two JSON values differ, in words; none where they are alike. */
export function differencesOf(before: unknown, now: unknown, path = ""): readonly string[] {
  if (isObject(before) && isObject(now)) {
    return [...new Set([...Object.keys(before), ...Object.keys(now)])].flatMap((key) =>
      differencesOf(before[key], now[key], path === "" ? key : `${path}.${key}`),
    );
  }
  const [was, is] = [before, now].map((value) => JSON.stringify(value) ?? "absent");
  return was === is ? [] : [`${path} was ${was} and is now ${is}`];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

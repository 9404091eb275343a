/** What golds have in common and where they differ, so that the suite finds answers without knowing their notation. */

/** The text that all gold completions share around their answers, e.g. `<answer>` and `</answer>`. */
export interface GoldFrame {
  readonly before: string;
  readonly after: string;
}

export function goldFrame(golds: readonly string[]): GoldFrame {
  const before = golds.reduce(commonStart, golds[0] ?? "");
  const rests = golds.map((gold) => reversed(gold.slice(before.length)));
  return { before, after: reversed(rests.reduce(commonStart, rests[0] ?? "")) };
}

/** The answers within their frame; empty where all golds are the same. */
export function goldAnswers(golds: readonly string[], { before, after }: GoldFrame): readonly string[] {
  return golds.map((gold) => gold.slice(before.length, gold.length - after.length));
}

/**
 * Whether texts give their answers away: most have their own at the same kind of place, and not the answers of
 * the others as well, as a list of choices has. A place is told by the two characters before it.
 * @returns the index of a text that does, undefined where none does
 */
export function indexGivenAway(texts: readonly string[], answers: readonly string[]): number | undefined {
  const own = new Map<string, number[]>();
  const others = new Map<string, number>();
  texts.forEach((text, i) => {
    const answer = answers[i] as string;
    const other = answers.find((each, j) => j !== i && each !== answer);
    for (const place of placesOf(answer, text)) own.set(place, [...(own.get(place) ?? []), i]);
    for (const place of placesOf(other ?? "", text)) others.set(place, (others.get(place) ?? 0) + 1);
  });
  const given = [...own].find(
    ([place, at]) => at.length > texts.length / 2 && (others.get(place) ?? 0) < at.length / 2,
  );
  return given?.[1][0];
}

function placesOf(answer: string, text: string): Set<string> {
  const places = new Set<string>();
  if (answer === "") return places;
  for (let at = text.indexOf(answer); at >= 0; at = text.indexOf(answer, at + 1)) {
    places.add(text.slice(Math.max(0, at - 2), at));
  }
  return places;
}

function commonStart(a: string, b: string): string {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return a.slice(0, length);
}

function reversed(text: string): string {
  return Array.from({ length: text.length }, (_, i) => text[text.length - 1 - i]).join("");
}

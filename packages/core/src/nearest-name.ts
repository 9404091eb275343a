/** The known name that a misspelt one most likely means; undefined where none is near. */
export function nearestName(written: string, known: Iterable<string>): string | undefined {
  const atMost = Math.ceil(written.length / 3);
  const isStart = (name: string): boolean => written !== "" && name.startsWith(written);
  const near = [...known]
    .map((name) => ({ name, distance: isStart(name) ? 0 : editDistance(written, name) }))
    .filter(({ distance }) => distance <= atMost);
  return near.sort((a, b) => a.distance - b.distance)[0]?.name;
}

/** Levenshtein's: insertions, deletions and replacements of characters. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const above = row;
    row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (above[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(replaced, (above[j] as number) + 1, (row[j - 1] as number) + 1));
    }
  }
  return row[b.length] as number;
}

/** What OpenAI, and with it most servers, take for a function's name. */
const ACCEPTED = /^[A-Za-z0-9_-]{1,64}$/;
const LONGEST = 64;

/**
 * For names of functions those that servers accept, in the same order: an underscore for each other character, so that
 * `math.factorial` is `math_factorial`. Names that would be the same get a number each, whatever their order says.
 */
export function serverToolNames(names: readonly string[]): readonly string[] {
  const plain = names.map((name) => name.replace(/[^A-Za-z0-9_-]/g, "_").slice(0, LONGEST) || "_");
  const taken = new Set(names.filter((name) => ACCEPTED.test(name)));
  return names.map((name, i) => {
    const wanted = plain[i] as string;
    if (ACCEPTED.test(name)) return name;
    const isAlone = plain.filter((other) => other === wanted).length === 1;
    const free = isAlone ? wanted : nextFree(wanted, taken);
    taken.add(free);
    return free;
  });
}

function nextFree(name: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number++) {
    const suffix = `_${number}`;
    const numbered = `${name.slice(0, LONGEST - suffix.length)}${suffix}`;
    if (!taken.has(numbered)) return numbered;
  }
}

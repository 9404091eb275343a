/** Flags of a program given on the command line; each has a value behind it or within. */
const OF_PROGRAM = /^(--input-type|--eval|-e|--print|-p|-pe)(=|$)/;

/** The flags that this process was started with, but those of a program given on the command line: no file is run with them. */
export function ownFlags(flags: readonly string[] = process.execArgv): string[] {
  const isValue = (index: number): boolean => {
    const before = flags[index - 1];
    return before !== undefined && OF_PROGRAM.test(before) && !before.includes("=");
  };
  return flags.filter((flag, index) => !OF_PROGRAM.test(flag) && !isValue(index));
}

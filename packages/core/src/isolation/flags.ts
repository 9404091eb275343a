/** Flags of a program given on the command line; each has a value behind it or within. */
const OF_PROGRAM = /^(--input-type|--eval|-e|--print|-p|-pe)(=|$)/;
/** Flags that modules are found and loaded with; the same of their values. */
const OF_MODULES = /^(--import|--require|-r|--loader|--experimental-loader|--conditions|-C)(=|$)/;

function isValueOf(kind: RegExp, flags: readonly string[], index: number): boolean {
  const before = flags[index - 1];
  return before !== undefined && kind.test(before) && !before.includes("=");
}

/** The flags that this process was started with, but those of a program given on the command line: no file is run with them. */
export function ownFlags(flags: readonly string[] = process.execArgv): string[] {
  return flags.filter((flag, index) => !OF_PROGRAM.test(flag) && !isValueOf(OF_PROGRAM, flags, index));
}

/**
 * The flags for a thread that runs a file. Absent: those that it inherits. A thread is refused a flag of V8 or of the
 * process, such as `--expose-gc`, only where it is given, so that beside a program those of modules alone are.
 */
export function threadFlags(flags: readonly string[] = process.execArgv): string[] | undefined {
  const own = ownFlags(flags);
  if (own.length === flags.length) return undefined;
  return own.filter((flag, index) => OF_MODULES.test(flag) || isValueOf(OF_MODULES, own, index));
}

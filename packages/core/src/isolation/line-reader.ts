/** Longer answers are none. */
const MAX_LINE_LENGTH = 1024 * 1024;

/** Takes text in pieces and hands on the lines that each completes; `onEndless` when a line grows too long. */
export function createLineReader(
  onLines: (lines: readonly string[]) => void,
  onEndless: () => void,
): (text: string) => void {
  let rest = "";
  return (text) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    if (rest.length > MAX_LINE_LENGTH) return onEndless();
    const full = lines.filter((line) => line.trim() !== "");
    if (full.length > 0) onLines(full);
  };
}

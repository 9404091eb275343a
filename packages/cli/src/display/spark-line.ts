const LEVELS = "▁▂▃▄▅▆▇█";
const NAME = "pass rate";
/** Fewer bars say nothing of a trend. */
const LEAST = 4;
const MOST = 60;

/**
 * Shares by step as bars, from 0 to 100 %, the latest at the right: `pass rate  ▂▃▄▅  31 → 66 %`. Where there are more
 * steps than bars, a bar is the mean of some. Empty where a line is too short for it, or there is only one share.
 */
export function sparkLine(shares: readonly number[], columns: number, indent: number): string {
  const [first = 0, last = 0] = [shares[0], shares.at(-1)];
  const figures = `${percentOf(first)} → ${percentOf(last)} %`;
  const room = Math.min(MOST, columns - indent - NAME.length - figures.length - 4);
  if (shares.length < 2 || room < LEAST) return "";
  const bars = Math.min(room, shares.length);
  const line = Array.from({ length: bars }, (_, i) => {
    const [from, to] = [i, i + 1].map((edge) => Math.round((edge * shares.length) / bars)) as [
      number,
      number,
    ];
    const among = shares.slice(from, to);
    const mean = among.reduce((sum, share) => sum + share, 0) / among.length;
    return LEVELS[Math.max(0, Math.min(LEVELS.length - 1, Math.floor(mean * LEVELS.length)))];
  }).join("");
  return `${" ".repeat(indent)}${NAME}  ${line}  ${figures}`;
}

function percentOf(share: number): string {
  return (share * 100).toFixed(0);
}

import { asRecord } from "./json-value.ts";

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** One count with its unit, as in 7m, 12s, 350ms, 1.5 seconds. */
const PART =
  /(\d+(?:\.\d+)?)\s*(milliseconds?|msecs?|ms|seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d)(?![a-z])/i;

/** OpenAI, Groq, Gemini and gateways: "try again in 7m12s", "retry after 20 seconds", "resets in 5 s". */
const SAID = new RegExp(
  String.raw`\b(?:retry|try|wait|resets?|available)\s+(?:again\s+)?(?:in|after|for)?\s*(?:about\s+)?(PART(?:[\s,]*(?:and\s+)?PART)*)`.replaceAll(
    "PART",
    PART.source,
  ),
  "i",
);

/** No error says it later than here; what looks for a time in a text must not take long itself. */
const MOST_LETTERS = 10_000;

/**
 * How long the body of an error asks to wait: in Google's RetryInfo, in `retry_after`, or in the words of its message. Undefined where it
 * says nothing.
 * @see https://cloud.google.com/apis/design/errors#error_details
 */
export function delayInError(error: unknown, message: string): number | undefined {
  const { details, retry_after } = asRecord(error) ?? {};
  const infos = Array.isArray(details) ? details : [];
  const told = infos.map((info) => asRecord(info)?.retryDelay).find((delay) => typeof delay === "string");
  if (typeof retry_after === "number" && retry_after >= 0) return retry_after * 1_000;
  return durationMs(told) ?? durationMs(SAID.exec(message.slice(0, MOST_LETTERS))?.[1]);
}

/** `17s`, `7m12s`, `1h2m3.5s`, `350ms`, `2 minutes and 3 seconds`; undefined for what has no unit of time in it. */
function durationMs(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const parts = [...text.matchAll(new RegExp(PART, "gi"))];
  if (parts.length === 0) return undefined;
  return parts.reduce((sum, [, count, unit = ""]) => sum + Number(count) * unitMs(unit.toLowerCase()), 0);
}

function unitMs(unit: string): number {
  return UNIT_MS[unit.startsWith("ms") || unit.startsWith("milli") ? "ms" : unit.charAt(0)] as number;
}

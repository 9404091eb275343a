type Header = string | readonly string[] | undefined;

/** What the headers of a response ask to wait; undefined where they say nothing. */
export function delayInHeaders(
  headers: { readonly [name: string]: Header },
  now: number,
): number | undefined {
  // OpenAI and Azure say it more exactly here.
  const ms = first(headers["retry-after-ms"]);
  if (ms !== undefined && /^\d+(\.\d+)?$/.test(ms)) return Number(ms);
  return parseRetryAfter(headers["retry-after"], now);
}

/**
 * What a Retry-After header asks to wait: seconds, or a date in HTTP's form. Undefined where there is none or it says
 * neither; a date in the past is 0.
 * @see https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
export function parseRetryAfter(value: Header, now: number): number | undefined {
  const text = first(value);
  if (text === undefined) return undefined;
  // Some servers send fractions, which the standard does not know.
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  const date = /^[A-Za-z]/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

function first(value: Header): string | undefined {
  return (typeof value === "string" ? value : value?.[0])?.trim();
}

/** A value as error messages show it: its JSON where it has one, cut to one short line. */
export function show(value: unknown): string {
  if (typeof value === "function") return "a function";
  // NaN and the infinities have no JSON.
  if (typeof value === "number") return String(value);
  let text: string;
  try {
    text = JSON.stringify(value) ?? String(value);
  } catch {
    text = Object.prototype.toString.call(value);
  }
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

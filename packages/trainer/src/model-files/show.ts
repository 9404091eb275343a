/** A value as error messages show it: its JSON, cut to one short line. Texts of a stranger's files are no exception. */
export function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

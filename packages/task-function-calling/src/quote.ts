/** A name in quotes, cut to one short line: what a model wrote may be of any length. */
export function quote(name: string): string {
  const text = JSON.stringify(name.slice(0, 80));
  return name.length > 80 ? `${text.slice(0, -1)}…"` : text;
}

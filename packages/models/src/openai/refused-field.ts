/** Fields that every request has, and that a server may do without. */
const FIELDS = ["seed", "temperature", "stream_options"];

/** What to do about a refusal that names a field; undefined where it names none that can be left out. */
export function leaveOutHint(problem: string): string | undefined {
  const field = FIELDS.find((name) => new RegExp(`(?<![\\w-])${name}(?![\\w-])`, "i").test(problem));
  if (field === undefined) return undefined;
  return `If this server does not know the field \`${field}\`, --body '{"${field}": null}' leaves it out.`;
}

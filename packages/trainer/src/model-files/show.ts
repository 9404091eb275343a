import { messageOf } from "@rrr/core";

/** A value as error messages show it: its JSON, cut to one short line. Texts of a stranger's files are no exception. */
export function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

/** What something threw, on one line and not without end: templates and parsers put a stranger's text into it. */
export function reasonOf(thrown: unknown): string {
  const text = messageOf(thrown).slice(0, 300);
  return text.replaceAll(/[\p{C}\s]+/gu, " ").trim();
}

/** What was asked in another way than the task has it, as a run's identity knows it. */
export function notesOf(identity: Readonly<Record<string, unknown>>): readonly string[] {
  const { systemRole } = (identity.model ?? {}) as { readonly systemRole?: unknown };
  if (systemRole !== "user") return [];
  return ["The server refuses the system role: what the system is to say stood in the first user turn."];
}

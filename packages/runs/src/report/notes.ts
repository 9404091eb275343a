/** What was asked in another way than the task has it, and what the task says of its problems, as a run's identity knows it. */
export function notesOf(identity: Readonly<Record<string, unknown>>): readonly string[] {
  const { systemRole } = (identity.model ?? {}) as { readonly systemRole?: unknown };
  const { notes } = (identity.task ?? {}) as { readonly notes?: unknown };
  return [
    ...(systemRole === "user" ? [SYSTEM_ROLE] : []),
    ...(Array.isArray(notes) ? notes.map(String) : []),
  ];
}

const SYSTEM_ROLE =
  "The server refuses the system role: what the system is to say stood in the first user turn.";

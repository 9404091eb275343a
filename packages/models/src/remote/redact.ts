/** What takes secrets out of a text. */
export type Redact = (text: string) => string;

/** For what a server says: some quote the key that they refuse. */
export function createRedactor(secrets: readonly string[]): Redact {
  // Longest first, lest a secret within another leave the rest of it. With and without "Bearer".
  const forms = secrets.flatMap((secret) => [
    secret,
    encodeURIComponent(secret),
    ...secret.split(" ").slice(1),
  ]);
  const known = [...new Set(forms)].sort((a, b) => b.length - a.length);
  return (text) => known.reduce((rest, secret) => rest.replaceAll(secret, "[redacted]"), text);
}

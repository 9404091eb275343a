import { messageOf, RrrError } from "@rrr/core";

/** A download that cannot go on. */
export function pullFailed(message: string, hint: string, cause?: unknown): RrrError {
  return new RrrError("pull-failed", message, { hint, cause });
}

/** What a local file system said. @param path what could not be written or read */
export function diskFailed(path: string, cause: unknown): RrrError {
  if (RrrError.is(cause)) return cause;
  const { code } = (cause ?? {}) as NodeJS.ErrnoException;
  if (code === "ENOSPC" || code === "EDQUOT") {
    return pullFailed(
      `the disk is full: ${path} could not be written`,
      "Free some space and start the same command again: it goes on where it stopped.",
      cause,
    );
  }
  return pullFailed(
    `${path} cannot be written: ${messageOf(cause)}`,
    "See that you may write there, or give another folder.",
    cause,
  );
}

/** Something that may pass, such as a connection that broke: it is tried again a few times. */
export class Trouble extends Error {
  /** What the server asked to wait. */
  readonly retryAfterMs: number | undefined;
  /** Whether what came of the file cannot be trusted, and is thrown away. */
  readonly spoils: boolean;

  constructor(
    message: string,
    options: {
      readonly retryAfterMs?: number | undefined;
      readonly spoils?: boolean;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = "Trouble";
    this.retryAfterMs = options.retryAfterMs;
    this.spoils = options.spoils ?? false;
  }
}

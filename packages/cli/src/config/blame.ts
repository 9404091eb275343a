import { RrrError } from "@rrr/core";

/** An error, said to be of a place in a configuration. */
export function blame(where: string, cause: RrrError): RrrError {
  return new RrrError("bad-argument", `${where}: ${cause.message}`, {
    cause,
    ...(cause.hint === undefined ? {} : { hint: cause.hint }),
  });
}

import { RrrError } from "@rrr/core";

/** What the other side sent cannot be read. */
export function malformed(what: string): RrrError {
  return new RrrError("bad-argument", `tinker: ${what}`, {
    hint: "The other side speaks another version of the protocol, or something between changed the bytes.",
  });
}

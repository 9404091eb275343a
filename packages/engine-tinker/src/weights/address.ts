import { RrrError } from "@rrr/core";

/** Where a server keeps a state, with the version of its weights, which the server does not know. */
export interface StateAddress {
  readonly version: string;
  readonly path: string;
}

export function toAddress({ version, path }: StateAddress): string {
  return `${version}@${path}`;
}

/** @throws RrrError `bad-checkpoint` */
export function parseAddress(address: string): StateAddress {
  const at = address.indexOf("@tinker://");
  if (at < 1) {
    throw new RrrError(
      "bad-checkpoint",
      `the state at ${JSON.stringify(address)} was saved by another engine`,
    );
  }
  return { version: address.slice(0, at), path: address.slice(at + 1) };
}

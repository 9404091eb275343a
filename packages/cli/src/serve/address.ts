import { RrrError } from "@rrr/core";

/** Where a server listens, and who may ask. */
export interface AddressFlags {
  readonly port: number;
  readonly host: string;
  readonly apiKeyEnv?: string;
}

interface Address {
  readonly port: number;
  readonly host: string;
  readonly token: string | undefined;
  readonly hasToken: boolean;
}

/** @throws RrrError `bad-argument` where the key is to come from a variable that has none */
export function addressOf({ port, host, apiKeyEnv }: AddressFlags): Address {
  const token = apiKeyEnv === undefined ? undefined : keyIn(apiKeyEnv);
  return { port, host, token, hasToken: token !== undefined };
}

function keyIn(variable: string): string {
  const key = process.env[variable];
  if (key !== undefined && /^[\x21-\x7e]+$/.test(key)) return key;
  if (key !== undefined && key !== "") {
    throw new RrrError("bad-argument", `the key in ${variable} has a character that no client can send`, {
      hint: "A key is letters, digits and marks, without a line's end or a blank.",
    });
  }
  throw new RrrError("bad-argument", `the environment variable ${variable} is empty`, {
    hint: "Put the key that clients must send into it.",
  });
}

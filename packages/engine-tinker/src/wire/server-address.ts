import { RrrError } from "@rrr/core";

/**
 * Where a server's calls are, of its address as people write it.
 * @throws RrrError `bad-argument`; the message never shows what could be a password
 */
export function serverAddress(baseUrl: string): URL {
  if (baseUrl.includes("@")) {
    throw wrong("the server's address has a name or a password in it", "Put the key into TINKER_API_KEY.");
  }
  const bare = baseUrl.replace(/\/+$/, "").replace(/\/api\/v1$/, "");
  if (!/^https?:\/\//.test(bare) || !URL.canParse(bare)) {
    throw wrong(`the server's address is ${JSON.stringify(baseUrl)}`);
  }
  const { search, hash } = new URL(bare);
  if (search !== "" || hash !== "") throw wrong(`the server's address is ${JSON.stringify(baseUrl)}`);
  return new URL(`${bare}/api/v1/`);
}

/** What a request says of who asks. @throws RrrError `bad-argument`, without the key */
export function keyHeaders(apiKey: string | undefined): Readonly<Record<string, string>> {
  if (apiKey === undefined) return {};
  // Anything else is no header, and fetch would show it in its error.
  if (!/^[\x21-\x7e]+$/.test(apiKey)) {
    throw new RrrError("bad-argument", "the key has a character that no key has", {
      hint: "TINKER_API_KEY is letters, digits and marks, without a line's end or a blank.",
    });
  }
  return { "x-api-key": apiKey, authorization: `Bearer ${apiKey}` };
}

function wrong(message: string, hint = "Write it as http://127.0.0.1:8000."): RrrError {
  return new RrrError("bad-argument", message, { hint });
}

import { messageOf, RrrError } from "@rrr/core";

/** What a plugin's own code threw, with its file, and with what is not installed where that is the reason. */
export function pluginFailed(file: string, what: string, cause: unknown): RrrError {
  const reason = messageOf(cause).split("\n", 1)[0] as string;
  const missing = /^Cannot find package '((?:@[^/']+\/)?[^/']+)/.exec(reason)?.[1];
  return new RrrError("plugin-failed", `plugin ${file}: ${what}: ${reason}`, {
    cause,
    hint:
      missing === undefined
        ? "Set RRR_DEBUG=1 to see where."
        : `It needs ${missing}, which is not installed beside it: npm install ${missing}.`,
  });
}

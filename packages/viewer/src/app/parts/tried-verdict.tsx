import { visible } from "@rrr/core";
import type { TriedVerdict } from "@rrr/server/view";
import type { JSX } from "preact";
import { codeWords } from "../lib/words.ts";

export function TriedVerdictBlock({
  verdict: { kind, code, detail },
}: {
  readonly verdict: TriedVerdict;
}): JSX.Element {
  return (
    <div class="tried">
      <p>
        <span class={`badge verdict-${kind === "pass" ? "pass" : "fail"}`}>{kind}</span>{" "}
        {code !== undefined && (
          <>
            <strong>{codeWords(code)}</strong> <code>{visible(code)}</code>
          </>
        )}
      </p>
      {detail !== undefined && <pre class="text">{visible(detail)}</pre>}
    </div>
  );
}

import type { Outcome } from "../remote/outcome.ts";
import type { Lost } from "./exchange.ts";

/** Certificates, and TLS spoken to a server that knows none: waiting mends neither. */
const TLS = /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_|ERR_SSL_|EPROTO$)/;

/** `reached`: whether this server ever answered. Where it did not, its address is wrong more likely than it is down. */
export function classifyLost({ problem, code = "" }: Lost, reached: boolean): Outcome {
  if (code === "UND_ERR_INVALID_ARG") return { kind: "refused", code: "bad-argument", problem };
  if (TLS.test(code)) {
    return {
      kind: "refused",
      code: "model-failed",
      problem,
      hint: "Check http or https in the base URL; NODE_EXTRA_CA_CERTS names a certificate of one's own.",
    };
  }
  if (!reached && (code === "ECONNREFUSED" || code === "ENOTFOUND")) {
    return {
      kind: "refused",
      code: "model-failed",
      problem,
      hint: "Is the server running, and is the base URL right?",
    };
  }
  return { kind: "broken", problem };
}

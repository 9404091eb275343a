/** Why no connection came to be, by the code that Node has for it, and what to do. */

/** Certificates, and TLS spoken to a server that knows none: waiting mends neither. */
const TLS = /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_|ERR_SSL_|EPROTO$)/;

export function isTls(code: string): boolean {
  return TLS.test(code);
}

/** What to do; undefined for what may pass. */
export function unreachableHint(code: string): string | undefined {
  if (/^(DEPTH_ZERO_SELF|SELF_SIGNED|UNABLE_TO_(GET_ISSUER|VERIFY_LEAF))/.test(code)) {
    return "Node does not know who signed the server's certificate: NODE_EXTRA_CA_CERTS=/path/to/ca.pem names the file of your own authority. Check http or https in the base URL, too.";
  }
  if (isTls(code)) {
    return "Check http or https in the base URL; NODE_EXTRA_CA_CERTS names your own certificate.";
  }
  if (code === "ECONNREFUSED") {
    return "Is the server running, and is the base URL right? `ollama serve` starts Ollama (http://127.0.0.1:11434/v1), `llama-server -m MODEL.gguf` llama.cpp (http://127.0.0.1:8080/v1), `vllm serve MODEL` vLLM (http://127.0.0.1:8000/v1).";
  }
  if (code === "ENOTFOUND") {
    return "No such host: check the base URL for a slip, and that this machine is online or HTTPS_PROXY names its proxy.";
  }
  return undefined;
}

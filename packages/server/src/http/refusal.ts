/** A request that is answered with an error at once; `status` is that of HTTP. */
export class Refusal extends Error {
  readonly status: number;
  /** For programs: which error it is. */
  readonly code: string;

  constructor(status: number, message: string, code = "bad-request") {
    super(message);
    this.name = "Refusal";
    this.status = status;
    this.code = code;
  }
}

/** What a refused request is answered with. */
export function refusalResponse({ status, message, code }: Refusal): Response {
  return Response.json({ code, detail: message }, { status });
}

/** Why an output is wrong. */
export type FunctionCallFailCode =
  | "no-call"
  | "malformed-json"
  | "unknown-function"
  | "wrong-count"
  | "schema"
  | "wrong-arguments";

/** A verdict `fail` of this task: says which call and which argument where one is to blame. */
export interface Fail {
  readonly kind: "fail";
  readonly code: FunctionCallFailCode;
  readonly detail: string;
}

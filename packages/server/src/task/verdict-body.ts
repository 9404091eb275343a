import { messageOf, type Verdict } from "@rrr/core";
import { toRefusal } from "./task-service.ts";

/** A verdict as it is sent. Only one that was reached has a reward. */
export type VerdictBody =
  | { readonly kind: "pass"; readonly reward: 1 }
  | { readonly kind: "fail"; readonly reward: 0; readonly code: string; readonly detail?: string }
  | { readonly kind: "invalid"; readonly code: string; readonly detail: string };

export function verdictBody(verdict: Verdict): VerdictBody {
  if (verdict.kind === "pass") return { kind: "pass", reward: 1 };
  if (verdict.kind === "fail") return { ...verdict, reward: 0 };
  return { kind: "invalid", code: verdict.error.code, detail: messageOf(verdict.error) };
}

/** What could not be checked, as a verdict. */
export function invalidBody(error: unknown): VerdictBody {
  const { code, message: detail } = toRefusal(error);
  return { kind: "invalid", code, detail };
}

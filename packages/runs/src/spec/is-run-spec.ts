import { RETRY_LAYOUTS } from "@rrr/core";
import { TURNS } from "./run-limits.ts";
import type { RunSpec } from "./run-spec.ts";

type Untyped = Readonly<Record<string, unknown>> | undefined;

/** Whether a value from a run's folder is a spec as far as readers look at it; who resumes it checks the rest. */
export function isRunSpec(value: unknown): value is RunSpec {
  const spec = asObject(value);
  const [task, model, engine, plan] = [spec?.task, spec?.model, spec?.engine, spec?.plan].map(asObject);
  const evaluation = asObject(plan?.evaluation);
  const { limits, retry } = spec ?? {};
  return (
    isText(task?.module) &&
    asObject(task?.options) !== undefined &&
    isText(model?.name) &&
    isText(engine?.name) &&
    asObject(engine?.options) !== undefined &&
    Number.isSafeInteger(plan?.seed) &&
    Number.isSafeInteger(plan?.problems) &&
    Number.isSafeInteger(evaluation?.samples) &&
    Number.isSafeInteger(evaluation?.rounds) &&
    (limits === undefined || isLimits(asObject(limits))) &&
    (retry === undefined || isRetry(asObject(retry))) &&
    (plan?.kind === "evaluate" || (plan?.kind === "train" && isTraining(plan)))
  );
}

function isTraining(plan: Untyped): boolean {
  const { reward } = asObject(plan?.train) ?? {};
  return (reward === "retry" || reward === "random") && asObject(plan?.mining) !== undefined;
}

function isLimits(limits: Untyped): boolean {
  const from = asObject(limits?.from);
  return TURNS.every((turn) => Number.isSafeInteger(limits?.[turn]) && isText(from?.[turn]));
}

function isRetry(retry: Untyped): boolean {
  const { layout, temperature } = retry ?? {};
  const isTemperature = typeof temperature === "number" && temperature >= 0;
  return RETRY_LAYOUTS.some((each) => each === layout) && (temperature === undefined || isTemperature);
}

function asObject(value: unknown): Untyped {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Untyped)
    : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

import type { RunLine } from "@rrr/server/view";

type Share = NonNullable<RunLine["first"]>;

/** `28.3 %`, or `14.7–20.1 %` where samples have no outcome. */
export function percent(share: Share): string {
  const { value, bounds } = share;
  return `${bounds === undefined ? hundred(value ?? Number.NaN) : bounds.map(hundred).join("–")} %`;
}

export function interval({ low, high }: Share): string {
  return `${hundred(low)}–${hundred(high)}`;
}

/** For sorting: the middle of what it may be. */
export function middle({ value, bounds }: Share): number {
  return bounds === undefined ? (value ?? Number.NaN) : (bounds[0] + bounds[1]) / 2;
}

export function signed(value: number, digits = 2): string {
  const text = Math.abs(value).toFixed(digits);
  return Number(text) === 0 ? text : `${value < 0 ? "−" : "+"}${text}`;
}

export function count(value: number): string {
  return value.toLocaleString("en-US");
}

/** `28 Nov 2026, 14:15`, in the reader's own time. */
export function moment(iso: string | undefined): string {
  if (iso === undefined || Number.isNaN(Date.parse(iso))) return "–";
  return new Date(iso).toLocaleString("en-GB", {
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
  });
}

export function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 100) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 100 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}

/** A setting's value: texts as they are, the rest as JSON. */
export function valueText(value: unknown): string {
  if (value === null || value === undefined) return "–";
  if (typeof value === "boolean") return value ? "yes" : "no";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function hundred(value: number): string {
  return (value * 100).toFixed(1);
}

/** Parameters for days and times, which users say in many ways and functions take in one. */
import type { Random } from "@rrr/core";
import type { Range } from "../generate/sample.ts";
import { objectSchema, type Parameter, type Spoken } from "./api.ts";

const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
] as const;

const DAY = 24 * 60 * 60 * 1_000;

/** From the first of January of one year to the last of December of another. */
interface Years {
  readonly from: number;
  readonly to: number;
}

/** What is booked lies ahead. */
const AHEAD: Years = { from: 2027, to: 2028 };

/** What can be looked up has been. */
export const PAST: Years = { from: 2022, to: 2025 };

/** A day, always with its year: `description`, "as YYYY-MM-DD". */
export function date(name: string, description: string, years: Years = AHEAD): Parameter {
  const schema = { type: "string", format: "date", description: `${description}, as YYYY-MM-DD.` };
  return { name, schema, required: true, say: (random) => random.pick(STYLES)(dayOf(years, random)) };
}

/** Two days so many `days` apart as a nested object, "from 3 March 2027 to 9 March 2027". */
export function period(
  name: string,
  [start, end]: readonly [string, string],
  days: Range,
  description: string,
  years: Years = AHEAD,
): Parameter {
  const fields = [date(start, "First day"), date(end, "Last day")];
  const schema = { ...objectSchema(fields), description };
  const say = (random: Random): Spoken => {
    const style = random.pick(STYLES);
    const first = dayOf(years, random);
    const [from, to] = [style(first), style(first + DAY * (days.min + random.int(days.max - days.min + 1)))];
    return { value: { [start]: from.value, [end]: to.value }, words: `from ${from.words} to ${to.words}` };
  };
  return { name, schema, required: true, say };
}

/** A time of day: `description`, "as HH:MM on the 24-hour clock". */
export function time(name: string, description: string, hours: Hours = { from: 7, to: 21 }): Parameter {
  const clock = `${description}, as HH:MM on the 24-hour clock.`;
  const schema = { type: "string", pattern: "^[0-2][0-9]:[0-5][0-9]$", description: clock };
  return {
    name,
    schema,
    required: true,
    say(random) {
      const hour = hours.from + random.int(hours.to - hours.from + 1);
      const minute = random.pick([0, 0, 15, 30, 30, 45, 5 * random.int(12)]);
      const value = `${two(hour)}:${two(minute)}`;
      return { value, words: random.next() < 0.4 ? value : twelveHours(hour, minute) };
    },
  };
}

interface Hours {
  readonly from: number;
  readonly to: number;
}

function twelveHours(hour: number, minute: number): string {
  if (hour === 12 && minute === 0) return "noon";
  const minutes = minute === 0 ? "" : `:${two(minute)}`;
  return `${hour % 12 === 0 ? 12 : hour % 12}${minutes} ${hour < 12 ? "am" : "pm"}`;
}

/** A day as the first of its milliseconds in UTC. */
function dayOf({ from, to }: Years, random: Random): number {
  const [first, end] = [Date.UTC(from, 0, 1), Date.UTC(to + 1, 0, 1)];
  return first + DAY * random.int((end - first) / DAY);
}

type Style = (day: number) => Spoken;

const STYLES: readonly Style[] = [
  style((day, month, year) => `${day} ${month} ${year}`),
  style((day, month, year) => `${month} ${day}, ${year}`),
  style((day, month, year) => `the ${day}${ordinal(day)} of ${month} ${year}`),
  (day) => ({ value: iso(day), words: iso(day) }),
];

function style(words: (day: number, month: string, year: number) => string): Style {
  return (day) => {
    const at = new Date(day);
    const month = MONTHS[at.getUTCMonth()] as string;
    return { value: iso(day), words: words(at.getUTCDate(), month, at.getUTCFullYear()) };
  };
}

function iso(day: number): string {
  return new Date(day).toISOString().slice(0, 10);
}

function ordinal(day: number): string {
  if (day > 3 && day < 21) return "th";
  return ["th", "st", "nd", "rd"][day % 10] ?? "th";
}

function two(number: number): string {
  return String(number).padStart(2, "0");
}

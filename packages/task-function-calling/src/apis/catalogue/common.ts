/** Values that several domains share. */
import type { Random } from "@rrr/core";
import type { Api } from "../api.ts";
import { phrase, plain, type Way } from "../ways.ts";

export const cities: readonly string[] = [
  ...["Amsterdam", "Athens", "Bangkok", "Barcelona", "Berlin", "Boston", "Brussels", "Buenos Aires", "Cairo"],
  ...["Cape Town", "Chicago", "Copenhagen", "Delhi", "Dublin", "Edinburgh", "Florence", "Geneva", "Hamburg"],
  ...["Helsinki", "Istanbul", "Jakarta", "Kyoto", "Lagos", "Lima", "Lisbon", "London", "Los Angeles", "Lyon"],
  ...["Madrid", "Melbourne", "Milan", "Montreal", "Mumbai", "Nairobi", "Oslo", "Paris", "Prague", "Rome"],
  ...[
    "San Francisco",
    "Santiago",
    "Seattle",
    "Seoul",
    "Singapore",
    "Stockholm",
    "Sydney",
    "Tokyo",
    "Toronto",
  ],
  ...["Vancouver", "Vienna", "Warsaw", "Zurich"],
];

const firstNames = [
  ...["Aisha", "Ben", "Carla", "Daniel", "Elena", "Felix", "Grace", "Hiro", "Ines", "Jonas", "Kofi", "Laura"],
  ...["Mateo", "Nadia", "Oscar", "Priya", "Quentin", "Rosa", "Samir", "Tara"],
] as const;

const lastNames = [
  ...["Adeyemi", "Becker", "Costa", "Dubois", "Evans", "Fischer", "Garcia", "Haddad", "Ivanova", "Jensen"],
  ...["Kowalski", "Larsen", "Moreau", "Nakamura", "Okafor", "Patel", "Rossi", "Schmidt", "Tanaka", "Weber"],
] as const;

const mailHosts = ["example.com", "example.org", "mail.example.net"] as const;

export function firstName(random: Random): string {
  return random.pick(firstNames);
}

export function lastName(random: Random): string {
  return random.pick(lastNames);
}

/** "Priya Weber" */
export function fullName(random: Random): string {
  return `${firstName(random)} ${lastName(random)}`;
}

/** "priya.weber@example.com" */
export function mailAddress(random: Random): string {
  return `${fullName(random).toLowerCase().replace(" ", ".")}@${random.pick(mailHosts)}`;
}

/** A number of so many digits, the first of which is no zero. */
export function digits(count: number, random: Random): string {
  const least = 10 ** (count - 1);
  return `${least + random.int(9 * least)}`;
}

/** Makes "ORD-48213" and the like. */
export function reference(prefix: string, count: number): (random: Random) => string {
  return (random) => `${prefix}${digits(count, random)}`;
}

/** Makes "K7QX2M" and the like, without characters that look like others. */
export function bookingCode(random: Random): string {
  return Array.from({ length: 6 }, () => random.pick([..."ABCDEFGHJKLMNPQRSTUVWXYZ23456789"])).join("");
}

export const minutes: readonly Way[] = [
  plain(10, 55, "minutes"),
  phrase("half an hour", 30),
  phrase("an hour", 60),
  phrase("an hour and a half", 90),
  phrase("two hours", 120),
  phrase("three quarters of an hour", 45),
];

export const currencies = {
  USD: "US dollars",
  EUR: "euros",
  GBP: "British pounds",
  JPY: "Japanese yen",
  CHF: "Swiss francs",
  SEK: "Swedish kronor",
  CAD: "Canadian dollars",
  AUD: "Australian dollars",
} as const;

export const languages = {
  de: "German",
  en: "English",
  es: "Spanish",
  fr: "French",
  it: "Italian",
  ja: "Japanese",
  nl: "Dutch",
  pl: "Polish",
  pt: "Portuguese",
  sv: "Swedish",
  tr: "Turkish",
} as const;

/** Two arguments that cannot be the same. */
export function differ(one: string, other: string): NonNullable<Api["sensible"]> {
  return (values) => values[one] !== values[other];
}

/** A list of objects, all of which differ in a field. */
export function allDiffer(list: string, field: string): NonNullable<Api["sensible"]> {
  return ({ [list]: items }) => {
    if (!Array.isArray(items)) return true;
    return new Set(items.map((each) => each[field])).size === items.length;
  };
}

/** The functions of one domain. */
export function ofDomain(domain: string, apis: readonly Omit<Api, "domain">[]): readonly Api[] {
  return apis.map((api) => ({ ...api, domain }));
}

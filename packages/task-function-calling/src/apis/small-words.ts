/** The words of the small world: what can be named, and how schemas spell the choices. */
const cities = ["Paris", "Rome", "Berlin", "Madrid", "Vienna", "Prague", "Oslo", "Dublin"];
const moreCities = ["Tokyo", "Cairo", "Boston", "Lima", "Delhi", "Sydney", "Athens", "Lisbon"];
export const anyCity: readonly string[] = [...cities, ...moreCities];
export const names: readonly string[] = [
  "Anna",
  "Ben",
  "Clara",
  "David",
  "Emma",
  "Felix",
  "Grace",
  "Henry",
  "Iris",
  "Jack",
];
export const restaurants: readonly string[] = [
  "Bella Vista",
  "Blue Door",
  "Golden Wok",
  "Old Mill",
  "Taj Mahal",
  "Corner Deli",
];
export const dishes: readonly string[] = ["pizzas", "burgers", "salads", "curries", "soups", "wraps"];
export const products: readonly string[] = [
  "apples",
  "eggs",
  "candles",
  "pencils",
  "roses",
  "towels",
  "batteries",
  "lemons",
];
export const rooms: readonly string[] = ["kitchen", "bedroom", "bathroom", "hall", "office", "attic"];

/** The same words, spelled in either of two ways. */
export type Spellings = readonly [Readonly<Record<string, string>>, Readonly<Record<string, string>>];

export const units: Spellings = [
  { C: "Celsius", F: "Fahrenheit" },
  { celsius: "Celsius", fahrenheit: "Fahrenheit" },
];
export const cabins: Spellings = [
  { eco: "economy class", biz: "business class", first: "first class" },
  { Y: "economy class", J: "business class", F: "first class" },
];
export const sizes: Spellings = [
  { S: "small", M: "medium-sized", L: "large" },
  { small: "small", medium: "medium-sized", large: "large" },
];
export const weekdays: Spellings = [
  { Mon: "Monday", Tue: "Tuesday", Wed: "Wednesday", Thu: "Thursday", Fri: "Friday" },
  { monday: "Monday", tuesday: "Tuesday", wednesday: "Wednesday", thursday: "Thursday", friday: "Friday" },
];
export const currencies: Spellings = [
  { USD: "dollars", EUR: "euros", GBP: "pounds", JPY: "yen" },
  { dollar: "dollars", euro: "euros", pound: "pounds", yen: "yen" },
];
export const levels: Spellings = [
  { off: "off", dim: "low", full: "bright" },
  { "0%": "off", "30%": "low", "100%": "bright" },
];

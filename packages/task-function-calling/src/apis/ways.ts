/** How people say numbers: often not as the number that a call needs. */
import type { Random } from "@rrr/core";
import type { Spoken } from "./api.ts";

export type Way = (random: Random) => Spoken;

/** A number and what it counts: "3 people". */
export function plain(min: number, max: number, unit: string): Way {
  return (random) => {
    const value = min + random.int(max - min + 1);
    return { value, words: `${value} ${unit}` };
  };
}

/** "2 adults and 3 kids" are 5. */
export function sum(one: string, other: string): Way {
  return (random) => {
    const [a, b] = [2 + random.int(5), 2 + random.int(5)];
    return { value: a + b, words: `${a} ${one} and ${b} ${other}` };
  };
}

/** "3 weeks" are 21. */
export function times(factor: number, unit: string): Way {
  return (random) => {
    const count = 2 + random.int(4);
    return { value: count * factor, words: `${count} ${unit}` };
  };
}

/** "half an hour" is 30. */
export function phrase(words: string, value: number): Way {
  return () => ({ value, words });
}

/** A bare multiple of `step`, in digits: what it counts is said around it. `steps(0.5, 3, 0.25)`: 0.5, 0.75, … 3. */
export function steps(min: number, max: number, step = 1): Way {
  return (random) => {
    const value = Number((min + step * random.int(Math.round((max - min) / step) + 1)).toFixed(4));
    return { value, words: `${value}` };
  };
}

/** A price in digits, with cents: "12.50". */
export function price(min: number, max: number): Way {
  return (random) => {
    const whole = min + random.int(max - min);
    const cents = random.pick([0, 25, 49, 50, 90, 95, 99]);
    const words = `${whole}.${String(cents).padStart(2, "0")}`;
    return { value: Number(words), words };
  };
}

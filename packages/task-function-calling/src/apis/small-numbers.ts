/** The numbers of the small world. */
import { phrase, plain, sum, times, type Way } from "./ways.ts";

/** "7 pm" is 19. */
const afternoon: Way = (random) => {
  const hour = 1 + random.int(11);
  return { value: hour + 12, words: `${hour} pm` };
};

export const people: readonly Way[] = [
  plain(2, 9, "people"),
  sum("adults", "kids"),
  sum("women", "men"),
  sum("friends", "colleagues"),
];

export const days: readonly Way[] = [
  plain(2, 9, "days"),
  times(7, "weeks"),
  times(7, "weeks"),
  phrase("a week", 7),
];

export const nights: readonly Way[] = [
  plain(2, 9, "nights"),
  times(7, "weeks"),
  times(7, "weeks"),
  phrase("a week", 7),
];

export const minutes: readonly Way[] = [
  plain(2, 59, "minutes"),
  phrase("half an hour", 30),
  phrase("an hour and a half", 90),
  phrase("a quarter of an hour", 15),
  phrase("an hour", 60),
];

export const hours: readonly Way[] = [plain(6, 11, "am"), afternoon, afternoon];

/** Without what is counted: that is another argument. */
export const counts: readonly Way[] = [
  (random) => {
    const value = 2 + random.int(8);
    return { value, words: `${value}` };
  },
  phrase("a dozen", 12),
  phrase("half a dozen", 6),
  phrase("two dozen", 24),
  phrase("a couple of", 2),
];

export const degrees: readonly Way[] = [plain(15, 25, "degrees")];

/** The currency is another argument: "20 dollars". */
export const amounts: readonly Way[] = [
  (random) => {
    const value = 5 * (1 + random.int(19));
    return { value, words: `${value}` };
  },
  phrase("ten", 10),
  phrase("twenty", 20),
  phrase("fifty", 50),
  phrase("a hundred", 100),
];

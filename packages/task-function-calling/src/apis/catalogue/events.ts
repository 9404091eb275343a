import type { Random } from "@rrr/core";
import type { Api } from "../api.ts";
import { date, period } from "../dates.ts";
import { choice, list, made, number, object, optional, text, whole, yesNo } from "../parameters.ts";
import { plain, steps } from "../ways.ts";
import { cities, ofDomain, reference } from "./common.ts";

const eventId = made("event_id", reference("EV", 5), "EV and five digits.");
const showingId = made("showing_id", reference("SH", 4), "SH and four digits.");
const kinds = {
  exhibition: "exhibitions",
  theatre: "plays",
  sports: "sports events",
  festival: "festivals",
  comedy: "comedy shows",
};
const films = [
  "The Last Ferry",
  "Winter Orbit",
  "A Map of Us",
  "Night Bakery",
  "Two Left Shoes",
  "The Quiet Machine",
];
const seat = made(
  "seat",
  (random: Random) => `${random.pick([..."ABCDEFGHJK"])}${1 + random.int(20)}`,
  "Row and number.",
);
const tickets = object(
  "tickets",
  [
    whole("adults", [plain(2, 6, "adults")]),
    optional(whole("children", [plain(2, 4, "children")])),
    optional(whole("seniors", [plain(2, 4, "seniors")])),
  ],
  ["{adults}", "{adults} and {children}", "{adults}, {children} and {seniors}"],
);

export const events: readonly Api[] = ofDomain("events", [
  {
    name: "search_events",
    description: "Finds things to see in a city.",
    parameters: [
      text("city", cities),
      choice("category", kinds),
      period("dates", ["first_day", "last_day"], { min: 1, max: 14 }, "Both days included."),
      optional(number("max_price", [steps(10, 80, 5)], "Euros a ticket.")),
      optional(yesNo("family_friendly", { yes: "suitable for children", no: "not meant for children" })),
    ],
    requests: [
      "Find {category} in {city} {dates}[, tickets up to {max_price} euros].",
      "Which {category} are on in {city} {dates}[, {family_friendly}]?",
      "We'll be in {city} {dates}. Are there any {category}[ {family_friendly}][ for at most {max_price} euros]?",
    ],
  },
  {
    name: "buy_event_tickets",
    description: "Buys tickets for a known event.",
    parameters: [
      eventId,
      tickets,
      optional(choice("section", { stalls: "in the stalls", balcony: "on the balcony", box: "in a box" })),
    ],
    requests: [
      "Buy tickets for event {event_id} for {tickets}[, {section}].",
      "Get {tickets} into event {event_id}[, seated {section}].",
      "We want to go to event {event_id}: {tickets}[, {section}]. Please buy the tickets.",
    ],
  },
  {
    name: "resell_ticket",
    description: "Offers an event ticket of the user's for sale.",
    parameters: [
      made("ticket_number", reference("TK", 7), "TK and seven digits."),
      number("price", [steps(10, 120, 2.5)], "Euros."),
    ],
    requests: [
      "Put my ticket {ticket_number} up for sale at {price} euros.",
      "I can't go. Resell ticket {ticket_number} for {price} euros.",
    ],
  },
  {
    name: "find_movie_showings",
    description: "When and where a film is shown on a day.",
    parameters: [
      text("film", films),
      text("city", cities),
      date("date", "Day of the showing"),
      optional(
        choice("version", {
          original: "in the original version",
          dubbed: "dubbed",
          subtitled: "with subtitles",
        }),
      ),
      optional(yesNo("imax", { yes: "on an IMAX screen", no: "not on an IMAX screen" })),
    ],
    requests: [
      'Where in {city} can I see "{film}" on {date}[, {version}]?',
      'Find showings of "{film}" in {city} on {date}[, {version}][, {imax}].',
      'When is the film "{film}" on in {city} on {date}[, {imax}]?',
    ],
  },
  {
    name: "reserve_cinema_seats",
    description: "Reserves seats in a showing of a film.",
    parameters: [showingId, list("seats", seat, { min: 1, max: 4 }, "Such as L7, in the order named.")],
    requests: [
      "Reserve {seats} for showing {showing_id}.",
      "Hold {seats} in showing {showing_id} for me.",
      "For showing {showing_id}, reserve {seats}, please.",
    ],
  },
]);

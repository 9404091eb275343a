import type { Random } from "@rrr/core";
import type { Api } from "../api.ts";
import { date, time } from "../dates.ts";
import { choice, list, made, object, optional, text, whole, yesNo } from "../parameters.ts";
import { plain, sum } from "../ways.ts";
import { bookingCode, cities, differ, digits, firstName, lastName, ofDomain } from "./common.ts";

const origin = text("origin", cities, "City of departure, in English.");
const destination = text("destination", cities, "City of arrival, in English.");
const rail = [
  "Amsterdam",
  "Berlin",
  "Brussels",
  "Cologne",
  "Frankfurt",
  "London",
  "Lyon",
  "Milan",
  "Paris",
  "Zurich",
];
const cabins = {
  economy: "economy",
  premium_economy: "premium economy",
  business: "business",
  first: "first",
};
const airlines = ["AF", "BA", "EK", "IB", "KL", "LH", "QF", "SK", "TP", "UA"];
const flightNumber = made(
  "flight_number",
  (random: Random) => `${random.pick(airlines)}${digits(3, random)}`,
  "Airline code and number without a space, such as AZ610.",
);
const passenger = object(
  "passenger",
  [made("first_name", firstName), made("last_name", lastName)],
  ["{first_name} {last_name}"],
);

export const travel: readonly Api[] = ofDomain("travel", [
  {
    name: "search_flights",
    description: "Finds flights between two cities, one way.",
    parameters: [
      origin,
      destination,
      date("departure_date", "Day of departure"),
      optional(whole("passengers", [plain(2, 8, "people"), sum("adults", "children")], "All of them."), 1),
      optional(choice("cabin", cabins)),
      optional(
        yesNo("nonstop", { yes: "without a stop", no: "with stops if need be" }, "Only nonstop flights."),
      ),
    ],
    requests: [
      "Find flights from {origin} to {destination} on {departure_date}[ for {passengers}][, {nonstop}].",
      "What flights leave {origin} for {destination} on {departure_date}[, in {cabin} class][, {nonstop}]?",
      "I want to fly to {destination} on {departure_date}, starting in {origin}[, in {cabin} class]. What is there?",
    ],
    sensible: differ("origin", "destination"),
  },
  {
    name: "book_flight",
    description: "Books seats on a known flight.",
    parameters: [
      flightNumber,
      date("date", "Day of departure"),
      list("passengers", passenger, { min: 1, max: 3 }, "Who travels, in the order named."),
      optional(choice("cabin", cabins), "economy"),
      optional(whole("checked_bags", [plain(2, 4, "checked bags")], "Of all passengers together."), 0),
    ],
    requests: [
      "Book flight {flight_number} on {date} for {passengers}[, {cabin} class][, with {checked_bags}].",
      "Please get {passengers} on {flight_number} on {date}[ in {cabin} class].",
      "Go ahead and book {flight_number} on {date}. Travelling: {passengers}[, with {checked_bags} in all].",
    ],
  },
  {
    name: "get_flight_status",
    description: "Whether a flight is on time, and its gate.",
    parameters: [flightNumber, date("date", "Day of departure")],
    requests: [
      "Is {flight_number} on {date} on time?",
      "What's the status of flight {flight_number} on {date}?",
      "Check for delays of flight {flight_number}, which leaves on {date}.",
    ],
  },
  {
    name: "cancel_flight_booking",
    description: "Cancels a booking of flights.",
    parameters: [
      made("booking_code", bookingCode, "Six letters and digits, in upper case."),
      choice(
        "refund",
        { cash: "my money back", voucher: "a voucher", miles: "miles" },
        "What is given back.",
      ),
    ],
    requests: [
      "Cancel my flights booked as {booking_code}. I'd like {refund} for them.",
      "I can't fly after all: cancel booking {booking_code}, and give me {refund}.",
      "Please call off flight booking {booking_code}. What I want for it is {refund}.",
    ],
  },
  {
    name: "search_trains",
    description: "Finds trains between two cities.",
    parameters: [
      text("origin", rail, "City of departure, in English."),
      text("destination", rail, "City of arrival, in English."),
      date("date", "Day of travel"),
      time("depart_after", "Earliest departure"),
      optional(choice("class", { "1st": "first class", "2nd": "second class" }), "2nd"),
    ],
    requests: [
      "Which trains go from {origin} to {destination} on {date} after {depart_after}[, in {class}]?",
      "Find a train to {destination} from {origin} on {date} that leaves no earlier than {depart_after}[, {class}].",
      "I need a train from {origin} to {destination} on {date}, departing at {depart_after} or later[, {class}].",
    ],
    sensible: differ("origin", "destination"),
  },
]);

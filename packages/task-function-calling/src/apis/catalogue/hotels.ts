import type { Api } from "../api.ts";
import { date, period } from "../dates.ts";
import { choice, list, made, number, optional, text, whole, yesNo } from "../parameters.ts";
import { phrase, plain, steps, sum } from "../ways.ts";
import { cities, ofDomain, reference } from "./common.ts";

const houses = [
  ...["Harbour View", "The Old Post", "Hotel Miramar", "Casa Verde", "The Lighthouse", "Hotel Europa"],
  ...["Villa Rosa", "The Foundry", "Maple Lodge", "Hotel Bellevue", "The Grand Union", "Riverside Inn"],
];
const hotel = text("hotel", houses, "Name of the hotel.");
const rooms = { single: "single room", double: "double room", twin: "twin room", suite: "suite" };
const amenities = {
  wifi: "Wi-Fi",
  pool: "a pool",
  gym: "a gym",
  parking: "parking",
  spa: "a spa",
  airport_shuttle: "an airport shuttle",
};
const bookingNumber = made("booking_number", reference("HB", 6), "HB and six digits.");

export const hotels: readonly Api[] = ofDomain("hotels", [
  {
    name: "search_hotels",
    description: "Finds hotels with free rooms in a city.",
    parameters: [
      text("city", cities),
      period("stay", ["check_in", "check_out"], { min: 1, max: 14 }, "Arrival and departure."),
      whole("guests", [plain(2, 6, "people"), sum("adults", "children")], "All of them, children included."),
      optional(number("max_price", [steps(60, 400, 5)], "Euros a night.")),
      optional(list("amenities", choice("amenity", amenities), { min: 1, max: 3 }, "In the order asked.")),
    ],
    requests: [
      "Find a hotel in {city} {stay} for {guests}[, no more than {max_price} euros a night][, with {amenities}].",
      "We are {guests} and will be in {city} {stay}. Which hotels have room[ and offer {amenities}]?",
      "What hotels are free in {city} {stay}, {guests}[, with {amenities}][, up to {max_price} euros per night]?",
    ],
  },
  {
    name: "book_hotel_room",
    description: "Books a room in a known hotel.",
    parameters: [
      hotel,
      choice("room_type", rooms),
      date("check_in", "Day of arrival"),
      whole("nights", [plain(2, 9, "nights"), phrase("a week", 7), phrase("two weeks", 14)]),
      optional(yesNo("breakfast", { yes: "with breakfast", no: "without breakfast" }), false),
    ],
    requests: [
      "Book a {room_type} at {hotel} for {nights} from {check_in}[, {breakfast}].",
      "Please reserve a {room_type} at {hotel}, arriving on {check_in} and staying for {nights}[, {breakfast}].",
      "I'll stay at {hotel} for {nights}, checking in on {check_in}. Book me a {room_type}[ {breakfast}].",
    ],
  },
  {
    name: "extend_hotel_stay",
    description: "Adds nights to the end of a stay that is booked.",
    parameters: [bookingNumber, whole("extra_nights", [plain(2, 6, "nights"), phrase("one night", 1)])],
    requests: [
      "Extend hotel booking {booking_number} by {extra_nights}.",
      "We'd like to stay {extra_nights} longer, our hotel booking is {booking_number}.",
      "Add {extra_nights} to my stay under {booking_number}.",
    ],
  },
  {
    name: "cancel_hotel_booking",
    description: "Cancels a stay that is booked.",
    parameters: [
      bookingNumber,
      optional(
        choice("reason", {
          illness: "I am ill",
          change_of_plans: "my plans have changed",
          price: "it is too dear",
        }),
      ),
    ],
    requests: [
      "Cancel my hotel booking {booking_number}[ because {reason}].",
      "Please cancel the room booked under {booking_number}[: {reason}].",
      "I won't need the hotel any more, number {booking_number}[, since {reason}]. Cancel it.",
    ],
  },
  {
    name: "get_hotel_reviews",
    description: "What guests wrote about a hotel.",
    parameters: [
      hotel,
      optional(number("min_rating", [steps(2, 4.5, 0.5)], "Of 5 stars.")),
      optional(choice("sort", { newest: "newest first", best: "best first", worst: "worst first" })),
    ],
    requests: [
      "What do guests say about {hotel}?[ Only show reviews of {min_rating} stars and more.]",
      "Show me reviews of {hotel}[, {sort}].",
      "Read me what people wrote about {hotel}[, {sort}][, leaving out ratings under {min_rating} stars].",
    ],
  },
]);

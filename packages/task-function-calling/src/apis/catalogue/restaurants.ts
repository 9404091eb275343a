import type { Api } from "../api.ts";
import { date, time } from "../dates.ts";
import { choice, list, made, object, optional, text, whole, yesNo } from "../parameters.ts";
import { phrase, plain, steps, sum } from "../ways.ts";
import { allDiffer, bookingCode, cities, ofDomain } from "./common.ts";

const names = [
  ...["Trattoria Lucia", "The Green Fork", "Sakura House", "Chez Marcel", "El Molino", "Spice Garden"],
  ...["The Copper Pot", "Bistro Nord", "Lotus Kitchen", "Smoke and Rye"],
];
const dishes = [
  "mushroom risotto",
  "chicken curry",
  "lentil soup",
  "beef burger",
  "pad thai",
  "Greek salad",
  "falafel wrap",
];
const restaurant = text("restaurant", names);
const cuisines = {
  italian: "Italian",
  japanese: "Japanese",
  mexican: "Mexican",
  indian: "Indian",
  thai: "Thai",
};
const diets = { vegetarian: "vegetarian", vegan: "vegan", gluten_free: "gluten-free", halal: "halal" };
const count = whole("quantity", [steps(2, 9)]);
const stars = (name: string) => whole(name, [steps(1, 5)], "1 to 5.");

export const restaurants: readonly Api[] = ofDomain("restaurants", [
  {
    name: "search_restaurants",
    description: "Finds restaurants in a city.",
    parameters: [
      text("city", cities),
      optional(choice("cuisine", cuisines)),
      optional(
        list(
          "diets",
          choice("diet", diets),
          { min: 1, max: 2 },
          "What the menu must offer, in the order named.",
        ),
      ),
      optional(choice("price_level", { low: "cheap", medium: "mid-priced", high: "upmarket" })),
      optional(yesNo("outdoor_seating", { yes: "with tables outside", no: "without tables outside" })),
    ],
    requests: [
      "Find restaurants in {city} serving {cuisine} food[, {outdoor_seating}].",
      "Where can I eat in {city}?[ I'd like somewhere {price_level}.][ They must have {diets} dishes.]",
      "Which {price_level} restaurants are there in {city}[ with {diets} dishes][, {outdoor_seating}]?",
    ],
  },
  {
    name: "reserve_table",
    description: "Reserves a table in a restaurant.",
    parameters: [
      restaurant,
      date("date", "Day of the visit"),
      time("time", "Arrival", { from: 12, to: 21 }),
      whole("party_size", [plain(2, 9, "people"), sum("adults", "children"), phrase("a dozen people", 12)]),
      optional(choice("seating", { indoor: "inside", outdoor: "outside", bar: "at the bar" })),
    ],
    requests: [
      "Reserve a table for {party_size} at {restaurant} on {date} at {time}[, {seating}].",
      "Book us in at {restaurant} on {date}, {time}. We are {party_size}[ and want to sit {seating}].",
      "I'd like to eat at {restaurant} with a party of {party_size} on {date} at {time}[, sitting {seating}]. Please book.",
    ],
  },
  {
    name: "cancel_table_reservation",
    description: "Gives up a reserved table.",
    parameters: [made("code", bookingCode, "Six letters and digits, in upper case.")],
    requests: [
      "Cancel our table, reservation code {code}.",
      "We can't come to dinner after all. The table's reservation code is {code}, please cancel it.",
      "Please give up the restaurant table reserved under {code}.",
    ],
  },
  {
    name: "order_delivery",
    description: "Orders dishes from a restaurant to the user's home.",
    parameters: [
      restaurant,
      list(
        "items",
        object(
          "item",
          [text("dish", dishes, "As named, in the singular."), count],
          ['{quantity} × "{dish}"', '{quantity} times "{dish}"'],
        ),
        { min: 1, max: 3 },
        "In the order named.",
      ),
      optional(
        text("note", ["Ring twice", "No cutlery", "Leave it at the door"], "For the courier, as written."),
      ),
    ],
    requests: [
      'Order {items} from {restaurant} to my home[ with the note "{note}"].',
      'Get {items} delivered from {restaurant}[. Note for the courier: "{note}"].',
      'I want a delivery from {restaurant}: {items}[, with the note "{note}"].',
    ],
    sensible: allDiffer("items", "dish"),
  },
  {
    name: "rate_restaurant",
    description: "Publishes the user's rating of a restaurant.",
    parameters: [
      restaurant,
      object(
        "scores",
        [stars("food"), stars("service"), optional(stars("ambience"))],
        [
          "{food} for the food and {service} for the service",
          "food {food}, service {service}[, ambience {ambience}]",
        ],
      ),
      optional(yesNo("recommend", { yes: "I would recommend it", no: "I would not recommend it" })),
    ],
    requests: [
      "Rate {restaurant}: {scores}.[ {recommend}.]",
      "My rating for {restaurant}, out of 5: {scores}.[ {recommend}.]",
    ],
  },
]);

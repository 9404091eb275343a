/**
 * The closed small world that the built-in model learns: eighteen functions in seven domains, few values, few
 * sentences. What can go wrong is the same as in the large one: functions that look alike, arguments left out, numbers that
 * have to be worked out, from and to, and enums that are spelled as the schema says, not as the user does. Functions
 * with enums come with two spellings, so that the schema on offer must be read.
 */
import type { World } from "../generate/sample.ts";
import type { Api } from "./api.ts";
import { choice, flag, optional, text, whole } from "./parameters.ts";
import { amounts, counts, days, degrees, hours, minutes, nights, people } from "./small-numbers.ts";
import {
  anyCity,
  cabins,
  currencies,
  dishes,
  levels,
  names,
  products,
  restaurants,
  rooms,
  type Spellings,
  sizes,
  units,
  weekdays,
} from "./small-words.ts";

function differ(one: string, other: string): NonNullable<Api["sensible"]> {
  return (values) => values[one] !== values[other];
}

function twice(spellings: Spellings, api: (spelling: Spellings[number]) => Api): readonly Api[] {
  return spellings.map(api);
}

const weather: readonly Api[] = [
  ...twice(units, (unit) => ({
    domain: "weather",
    name: "get_weather",
    description: "The weather in a city right now.",
    parameters: [text("city", anyCity), optional(choice("unit", unit))],
    requests: [
      "How warm is it in {city} right now[, in {unit}]?",
      "What's the weather like in {city} at the moment[, in {unit}]?",
      "Tell me the current temperature[ in {unit}] for {city}, please.",
    ],
  })),
  ...twice(units, (unit) => ({
    domain: "weather",
    name: "get_forecast",
    description: "The weather in a city over the coming days.",
    parameters: [text("city", anyCity), whole("days", days), optional(choice("unit", unit))],
    requests: [
      "What will the weather be in {city} over the next {days}[, in {unit}]?",
      "I'll be in {city} for {days}, what temperatures should I expect[, in {unit}]?",
      "Give me the outlook[ in {unit}] for the coming {days} in {city}.",
    ],
  })),
];

const travel: readonly Api[] = [
  ...twice(cabins, (cabin) => ({
    domain: "travel",
    name: "find_flights",
    description: "Flights between two cities.",
    parameters: [
      text("from", anyCity),
      text("to", anyCity),
      whole("people", people),
      optional(choice("cabin", cabin)),
    ],
    requests: [
      "Find flights from {from} to {to} for {people}[, in {cabin}].",
      "We are {people} and want to fly to {to} from {from}[, in {cabin}].",
      "Which planes go from {from} to {to}? We are {people}[ and travel in {cabin}].",
    ],
    sensible: differ("from", "to"),
  })),
  {
    domain: "travel",
    name: "find_trains",
    description: "Trains between two cities.",
    parameters: [
      text("from", anyCity),
      text("to", anyCity),
      whole("people", people),
      optional(flag("direct", "without changing", "Only trains that need no change.")),
    ],
    requests: [
      "Find trains from {from} to {to} for {people}[, {direct}].",
      "We are {people} and want to go to {to} by train from {from}[, {direct}].",
      "Which trains go from {from} to {to}? We are {people}[ and travel {direct}].",
    ],
    sensible: differ("from", "to"),
  },
  {
    domain: "travel",
    name: "book_hotel",
    description: "Books rooms in a hotel.",
    parameters: [
      text("city", anyCity),
      whole("people", people),
      whole("nights", nights),
      optional(flag("breakfast", "with breakfast")),
    ],
    requests: [
      "Book a hotel in {city} for {people} for {nights}[, {breakfast}].",
      "We need a hotel in {city} for {nights}[ {breakfast}], we are {people}.",
      "Reserve rooms for {people}[ {breakfast}] in {city}, staying {nights}.",
    ],
  },
  ...twice(sizes, (size) => ({
    domain: "travel",
    name: "rent_car",
    description: "Rents a car.",
    parameters: [text("city", anyCity), whole("days", days), optional(choice("size", size))],
    requests: [
      "I'd like to rent a[ {size}] car in {city} for {days}.",
      "Get me a[ {size}] rental car for {days}, pick-up in {city}.",
      "Rent a car in {city} for {days}[, a {size} one].",
    ],
  })),
];

const food: readonly Api[] = [
  ...twice(weekdays, (day) => ({
    domain: "food",
    name: "book_table",
    description: "Books a table in a restaurant.",
    parameters: [text("restaurant", restaurants), whole("people", people), choice("day", day)],
    requests: [
      "Book a table at {restaurant} for {people} on {day}.",
      "On {day} we want to eat at {restaurant}, we are {people}.",
      "Can you get us a table for {people} on {day} at {restaurant}?",
    ],
  })),
  {
    domain: "food",
    name: "order_food",
    description: "Orders food from a restaurant.",
    parameters: [
      text("restaurant", restaurants),
      text("dish", dishes),
      whole("count", counts),
      optional(flag("delivery", "delivered to my place", "Delivered instead of picked up.")),
    ],
    requests: [
      "Order {count} {dish} from {restaurant}[, {delivery}].",
      "I'd like {count} {dish} from {restaurant}[, {delivery}], please.",
      "Can {restaurant} make us {count} {dish}[, {delivery}]?",
    ],
  },
];

const money: readonly Api[] = [
  ...twice(currencies, (currency) => ({
    domain: "money",
    name: "send_money",
    description: "Sends money to somebody.",
    parameters: [text("person", names), whole("amount", amounts), choice("currency", currency)],
    requests: [
      "Send {amount} {currency} to {person}.",
      "I owe {person} {amount} {currency}, please pay.",
      "Transfer {amount} {currency} to {person} for me.",
    ],
  })),
  ...twice(currencies, (currency) => ({
    domain: "money",
    name: "request_money",
    description: "Asks somebody for money.",
    parameters: [text("person", names), whole("amount", amounts), choice("currency", currency)],
    requests: [
      "Ask {person} for {amount} {currency}.",
      "{person} owes me {amount} {currency}, please remind them.",
      "Request {amount} {currency} from {person} for me.",
    ],
  })),
  ...twice(currencies, (currency) => ({
    domain: "money",
    name: "convert_money",
    description: "Converts an amount from one currency into another.",
    parameters: [whole("amount", amounts), choice("from", currency), choice("to", currency)],
    requests: [
      "Convert {amount} {from} to {to}.",
      "How many {to} do I get for {amount} {from}?",
      "What are {amount} {from} worth in {to}?",
    ],
    sensible: differ("from", "to"),
  })),
];

const time: readonly Api[] = [
  {
    domain: "time",
    name: "set_timer",
    description: "Starts a timer.",
    parameters: [whole("minutes", minutes), optional(flag("repeat", "again and again"))],
    requests: [
      "Set a timer for {minutes}[, {repeat}].",
      "Remind me in {minutes}[, {repeat}].",
      "Let it ring after {minutes}[, {repeat}].",
    ],
  },
  ...twice(weekdays, (day) => ({
    domain: "time",
    name: "set_alarm",
    description: "Sets an alarm.",
    parameters: [choice("day", day), whole("hour", hours, "0 to 23."), optional(flag("loud", "really loud"))],
    requests: [
      "Wake me on {day} at {hour}[, {loud}].",
      "I need an alarm for {hour} on {day}[, {loud}].",
      "Set an alarm for {day} at {hour}[, {loud}].",
    ],
  })),
  ...twice(weekdays, (day) => ({
    domain: "time",
    name: "add_meeting",
    description: "Adds a meeting to the calendar.",
    parameters: [
      text("person", names),
      choice("day", day),
      whole("hour", hours, "0 to 23."),
      optional(whole("minutes", minutes)),
    ],
    requests: [
      "Schedule a meeting with {person} on {day} at {hour}[ that takes {minutes}].",
      "I'm meeting {person} at {hour} on {day}[ for {minutes}], put it in my calendar.",
      "Put {person} in my calendar for {day}, {hour}[, we need {minutes}].",
    ],
  })),
];

const home: readonly Api[] = [
  ...twice(levels, (level) => ({
    domain: "home",
    name: "set_lights",
    description: "Switches and dims lights.",
    parameters: [text("room", rooms), choice("level", level), optional(whole("minutes", minutes))],
    requests: [
      "Turn the lights in the {room} to {level}[ for {minutes}].",
      "I want the lights {level} in the {room}[ for {minutes}].",
      "Lights in the {room} to {level}[ for {minutes}], please.",
    ],
  })),
  ...twice(units, (unit) => ({
    domain: "home",
    name: "set_heating",
    description: "Heats a room.",
    parameters: [text("room", rooms), whole("degrees", degrees), optional(choice("unit", unit))],
    requests: [
      "Heat the {room} to {degrees}[ {unit}].",
      "I want {degrees}[ {unit}] in the {room}.",
      "Set the heating in the {room} to {degrees}[ {unit}].",
    ],
  })),
];

const shopping: readonly Api[] = [
  {
    domain: "shopping",
    name: "buy",
    description: "Buys something at once.",
    parameters: [
      text("product", products),
      whole("count", counts),
      optional(flag("gift", "as a gift", "Wrapped as a gift.")),
    ],
    requests: [
      "Buy {count} {product}[ {gift}].",
      "I'd like to buy {count} {product}[ {gift}].",
      "Please order {count} {product} for me[ {gift}].",
    ],
  },
  {
    domain: "shopping",
    name: "add_to_list",
    description: "Writes something on the shopping list.",
    parameters: [text("product", products), whole("count", counts), optional(flag("urgent", "urgently"))],
    requests: [
      "Put {count} {product} on my shopping list[, {urgent}].",
      "I need {count} {product}[ {urgent}], write it down.",
      "Add {count} {product} to the list[, {urgent}].",
    ],
  },
];

/** One call, three or four functions on offer. */
export const small: World = {
  apis: [...weather, ...travel, ...food, ...money, ...time, ...home, ...shopping],
  tools: { min: 3, max: 4 },
  calls: { min: 1, max: 1 },
  lookAlikes: 0.5,
};

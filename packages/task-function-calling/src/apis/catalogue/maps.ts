import type { Random } from "@rrr/core";
import type { Api } from "../api.ts";
import { time } from "../dates.ts";
import { choice, list, made, number, object, optional, text, whole } from "../parameters.ts";
import { plain, steps, times } from "../ways.ts";
import { cities, differ, ofDomain } from "./common.ts";

const streets = ["Mill Road", "Station Street", "Elm Avenue", "Kings Lane", "Harbour Street", "Rose Hill"];
const places = [
  ...[
    "Central Station",
    "City Museum",
    "Botanical Garden",
    "Old Town Hall",
    "University Library",
    "West Harbour",
  ],
  ...["Airport Terminal 2", "Opera House", "Riverside Stadium", "Market Square"],
];
const latitude = number("latitude", [steps(-60, 60, 0.05)], "Degrees; south is negative.");
const longitude = number("longitude", [steps(-170, 170, 0.05)], "Degrees; west is negative.");
const point = (name: string) =>
  object(
    name,
    [latitude, longitude],
    ["latitude {latitude}, longitude {longitude}", "({latitude}, {longitude})"],
    "Given as latitude, longitude.",
  );
const address = object(
  "address",
  [
    text("street", streets),
    made("house_number", (random: Random) => `${1 + random.int(120)}`, "As a string."),
    text("city", cities),
  ],
  ["{house_number} {street}, {city}", "{house_number} {street} in {city}"],
);
const labels = ["Home", "Work", "Gym", "Favourite beach", "Grandma", "Parking spot"];

export const maps: readonly Api[] = ofDomain("maps", [
  {
    name: "get_directions",
    description: "The way from one place to another.",
    parameters: [
      text("origin", places),
      text("destination", places),
      choice("mode", {
        driving: "by car",
        walking: "on foot",
        cycling: "by bike",
        transit: "by public transport",
      }),
      optional(
        list(
          "avoid",
          choice("feature", { tolls: "tolls", ferries: "ferries", highways: "highways" }),
          { min: 1, max: 2 },
          "In the order named.",
        ),
      ),
      optional(time("arrive_by", "Latest arrival")),
    ],
    requests: [
      "How do I get from {origin} to {destination} {mode}[, avoiding {avoid}]?",
      "Give me directions {mode} to {destination}, starting at {origin}[, so that I arrive by {arrive_by}].",
      "I have to go {mode} from {origin} to {destination}[ without {avoid}][ and be there by {arrive_by}]. Which way?",
    ],
    sensible: differ("origin", "destination"),
  },
  {
    name: "get_distance",
    description: "The length of the straight line between two points.",
    parameters: [
      point("from"),
      point("to"),
      optional(choice("unit", { km: "kilometres", mi: "miles", nmi: "nautical miles" }), "km"),
    ],
    requests: [
      "How far is it in a straight line from {from} to {to}[, in {unit}]?",
      "Calculate the distance as the crow flies between {from} and {to}[ in {unit}].",
    ],
  },
  {
    name: "find_nearby_places",
    description: "Useful places around a known one.",
    parameters: [
      choice("category", {
        pharmacy: "a pharmacy",
        atm: "a cash machine",
        fuel: "a petrol station",
        supermarket: "a supermarket",
        parking: "a car park",
      }),
      text("near", places),
      optional(whole("radius_m", [plain(200, 900, "metres"), times(1_000, "kilometres")], "In metres.")),
      optional(time("open_at", "It must be open at this time")),
    ],
    requests: [
      "Is there {category} near {near}[, no more than {radius_m} away]?",
      "Find {category} close to {near}[ that is open at {open_at}].",
      "I'm at {near} and need {category}[ within {radius_m}][, open at {open_at}].",
    ],
  },
  {
    name: "find_coordinates",
    description: "The latitude and longitude of an address.",
    parameters: [address],
    requests: [
      "What are the coordinates of {address}?",
      "Look up latitude and longitude for {address}.",
      "Where exactly on the globe is {address}? I need the coordinates.",
    ],
  },
  {
    name: "save_place",
    description: "Keeps a point on the map under a label.",
    parameters: [
      text("label", labels),
      point("location"),
      optional(choice("icon", { star: "a star", heart: "a heart", flag: "a flag" })),
    ],
    requests: [
      'Save {location} as "{label}"[ with {icon} as its icon].',
      'Put "{label}" on my map at {location}[, marked with {icon}].',
      'Remember the point {location} under the label "{label}"[ and mark it with {icon}].',
    ],
  },
]);

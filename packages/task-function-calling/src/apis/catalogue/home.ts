import type { Api } from "../api.ts";
import { time } from "../dates.ts";
import { choice, list, number, optional, text, whole, yesNo } from "../parameters.ts";
import { phrase, steps } from "../ways.ts";
import { minutes, ofDomain } from "./common.ts";

const rooms = ["kitchen", "bedroom", "bathroom", "living room", "hallway", "office", "guest room", "nursery"];
const room = text("room", rooms, "In lower case.");
const colors = {
  warm_white: "warm white",
  cool_white: "cool white",
  red: "red",
  green: "green",
  blue: "blue",
};
const doors = { front: "front door", back: "back door", garage: "garage door", cellar: "cellar door" };
const machines = { dishwasher: "dishwasher", washing_machine: "washing machine", dryer: "dryer" };

export const home: readonly Api[] = ofDomain("home", [
  {
    name: "set_thermostat",
    description: "The temperature that a room is heated to.",
    parameters: [
      room,
      number("temperature", [steps(16, 25, 0.5)], "Degrees Celsius."),
      optional(time("until", "When the old temperature comes back")),
    ],
    requests: [
      "Heat the {room} to {temperature} degrees[ until {until}].",
      "Set the thermostat in the {room} to {temperature} degrees[ until {until}].",
      "I'd like it to be {temperature} degrees in the {room}[ until {until}].",
    ],
  },
  {
    name: "set_light",
    description: "The brightness and colour of the light in a room.",
    parameters: [
      room,
      whole("brightness", [steps(5, 95, 5), phrase("a hundred", 100)], "Percent."),
      optional(choice("color", colors)),
      optional(
        whole("transition_seconds", [steps(2, 30), phrase("ninety", 90)], "How long the change takes."),
      ),
    ],
    requests: [
      "Set the light in the {room} to {brightness} percent[, {color}].",
      "Dim the {room} light to {brightness} percent[ over {transition_seconds} seconds].",
      "I want the {room} lit at {brightness} percent[ in {color}][, changing over {transition_seconds} seconds].",
    ],
  },
  {
    name: "set_locks",
    description: "Locks or unlocks doors.",
    parameters: [
      yesNo("locked", { yes: "Lock", no: "Unlock" }, "True to lock, false to unlock."),
      list("doors", choice("door", doors), { min: 1, max: 3 }, "In the order named."),
    ],
    requests: ["{locked} the {doors}.", "{locked} the {doors} for me, please."],
  },
  {
    name: "start_vacuum",
    description: "Sends the robot vacuum cleaner to rooms.",
    parameters: [
      list("rooms", room, { min: 1, max: 3 }, "In the order in which they are cleaned."),
      optional(
        choice("power", { quiet: "quietly", normal: "at normal power", max: "at full power" }),
        "normal",
      ),
      optional(yesNo("mop", { yes: "and mop too", no: "but don't mop" })),
    ],
    requests: [
      "Vacuum the {rooms}[ {power}].",
      "Have the robot vacuum the {rooms}[ {power}][ {mop}].",
      "Send the vacuum cleaner to the {rooms}[, {mop}].",
    ],
  },
  {
    name: "start_appliance",
    description: "Starts a household machine, now or later.",
    parameters: [
      choice("appliance", machines),
      choice("program", { eco: "eco", quick: "quick", intensive: "intensive", delicate: "delicate" }),
      optional(time("start_time", "When to start; now, if left out")),
    ],
    requests: [
      "Start the {appliance} with the {program} program[ at {start_time}].",
      "Run the {appliance} on {program}[, starting at {start_time}].",
      "Turn on the {appliance}, {program} program[, at {start_time}].",
    ],
  },
  {
    name: "set_oven",
    description: "Heats the oven, for a time if one is given.",
    parameters: [
      whole("temperature", [steps(120, 240, 10)], "Degrees Celsius."),
      choice("mode", { fan: "fan mode", grill: "grill mode", top_bottom: "top and bottom heat" }),
      optional(whole("minutes", minutes, "It switches off then.")),
    ],
    requests: [
      "Heat the oven to {temperature} degrees, {mode}[, for {minutes}].",
      "Set the oven to {mode} at {temperature} degrees[ for {minutes}].",
      "I need the oven at {temperature} degrees with {mode}[ for {minutes}].",
    ],
  },
]);

import type { Api } from "../api.ts";
import { date, PAST, time } from "../dates.ts";
import { choice, coded, list, number, object, optional, text, whole, yesNo } from "../parameters.ts";
import { phrase, plain, steps, times } from "../ways.ts";
import { allDiffer, minutes, ofDomain } from "./common.ts";

const sports = {
  running: "a run",
  cycling: "a bike ride",
  swimming: "a swim",
  rowing: "a rowing session",
  hiking: "a hike",
};
const foods = [
  "oats",
  "rice",
  "chicken",
  "lentils",
  "yoghurt",
  "tofu",
  "potatoes",
  "salmon",
  "broccoli",
  "bread",
];
const food = object(
  "food",
  [text("name", foods, "In lower case."), whole("grams", [steps(30, 400, 10)])],
  ["{grams} grams of {name}", "{grams} g of {name}"],
);
const doctors = {
  dentist: "a dentist",
  dermatologist: "a dermatologist",
  cardiologist: "a cardiologist",
  general: "a general practitioner",
};
// Invented, so that any dose is as good as another.
const medicines = ["Brevatin", "Cardolin", "Nortexa", "Solvira", "Zemaril"];
const clock = {
  "07:00": "7 am",
  "08:30": "8:30 am",
  "10:15": "10:15 am",
  "12:00": "noon",
  "13:00": "1 pm",
  "18:00": "6 pm",
  "20:30": "8:30 pm",
  "22:00": "10 pm",
};
/** Kilometres an hour that nobody exceeds. */
const topSpeeds = new Map([
  ["running", 14],
  ["cycling", 30],
  ["swimming", 4],
  ["rowing", 12],
  ["hiking", 6],
]);

export const health: readonly Api[] = ofDomain("health", [
  {
    name: "log_workout",
    description: "Writes sport that the user has done into the diary.",
    parameters: [
      choice("activity", sports),
      whole("duration_minutes", [...minutes, times(60, "hours")], "In minutes."),
      date("date", "Day of the workout", PAST),
      optional(number("distance_km", [steps(1, 25, 0.1)])),
    ],
    requests: [
      "Log {activity} of {duration_minutes} on {date}[, {distance_km} kilometres].",
      "On {date} I went for {activity} that took {duration_minutes}[ and covered {distance_km} kilometres]. Put it in my diary.",
      "Add {activity} to my workouts: {date}, {duration_minutes}[, {distance_km} km].",
    ],
    sensible({ activity, duration_minutes: minutes, distance_km: km = 0 }) {
      return (Number(km) / Number(minutes)) * 60 <= (topSpeeds.get(String(activity)) ?? 0);
    },
  },
  {
    name: "log_meal",
    description: "Writes what the user has eaten into the diary.",
    parameters: [
      choice("meal", { breakfast: "breakfast", lunch: "lunch", dinner: "dinner", snack: "a snack" }),
      list("foods", food, { min: 1, max: 3 }, "In the order named."),
      optional(date("date", "Day of the meal; today, if left out", PAST)),
    ],
    requests: [
      "For {meal} I had {foods}[ on {date}]. Please log it.",
      "Log {foods} as {meal}[ on {date}].",
      "Write in my food diary: {foods} for {meal}[ on {date}].",
    ],
    sensible: allDiffer("foods", "name"),
  },
  {
    name: "log_weight",
    description: "Writes the user's weight into the diary.",
    parameters: [
      number("weight", [steps(55, 220, 0.1)]),
      choice("unit", { kg: "kilograms", lb: "pounds" }),
      date("date", "Day of the weighing", PAST),
    ],
    requests: [
      "I weighed {weight} {unit} on {date}, please note it.",
      "Log my weight for {date}: {weight} {unit}.",
      "Put down {weight} {unit} as my weight on {date}.",
    ],
    sensible: ({ weight, unit }) => (unit === "kg" ? Number(weight) < 130 : Number(weight) > 110),
  },
  {
    name: "book_doctor_appointment",
    description: "Makes an appointment with a doctor.",
    parameters: [
      choice("specialty", doctors),
      date("date", "Day of the appointment"),
      time("time", "Start", { from: 8, to: 17 }),
      optional(yesNo("first_visit", { yes: "It is my first visit", no: "I have been there before" })),
    ],
    requests: [
      "Get me an appointment with {specialty} on {date} at {time}.[ {first_visit}.]",
      "I need to see {specialty}. Book {date}, {time}.[ {first_visit}.]",
      "Book {specialty} for {date} at {time}, please.[ {first_visit}.]",
    ],
  },
  {
    name: "set_medication_reminder",
    description: "Reminds the user every day to take a medicine.",
    parameters: [
      text("medicine", medicines),
      number("dose_mg", [steps(50, 500, 25), steps(2.5, 20, 2.5)], "Milligrams each time."),
      list(
        "times",
        coded("time", clock, "HH:MM on the 24-hour clock."),
        { min: 1, max: 3 },
        "In the order named.",
      ),
      optional(whole("days", [plain(3, 10, "days"), phrase("a week", 7), phrase("two weeks", 14)])),
    ],
    requests: [
      "Remind me to take {dose_mg} mg of {medicine} every day at {times}[ for {days}].",
      "I have to take {medicine}, {dose_mg} mg each time, at {times}[ for {days}]. Remind me daily.",
      "Set a daily reminder for {medicine}: {dose_mg} mg at {times}[, for {days}].",
    ],
    sensible: ({ times: at }) => Array.isArray(at) && at.toSorted().join() === at.join(),
  },
]);

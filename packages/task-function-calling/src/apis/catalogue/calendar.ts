import type { Api } from "../api.ts";
import { date, time } from "../dates.ts";
import { choice, list, made, optional, text, whole, yesNo } from "../parameters.ts";
import { mailAddress, minutes, ofDomain, reference } from "./common.ts";

const titles = [
  ...[
    "Budget review",
    "Project kick-off",
    "Design workshop",
    "Quarterly planning",
    "Yoga class",
    "Job interview",
  ],
  ...["Team lunch", "Parents' evening", "Product demo", "Book club", "Piano lesson", "Safety training"],
];
const chores = [
  ...["water the plants", "call my mother", "check the tyre pressure", "back up the laptop", "feed the fish"],
  ...["clean the coffee machine", "read the electricity meter", "sort my receipts", "charge the camera"],
];
const eventId = made("event_id", reference("evt_", 5), "evt_ and five digits.");
const email = made("email", mailAddress);
const attendees = list("attendees", email, { min: 1, max: 3 }, "E-mail addresses, in the order named.");
const duration = whole("duration_minutes", minutes, "Length in minutes.");
const repeats = { daily: "every day", weekly: "every week", monthly: "every month", yearly: "every year" };

export const calendar: readonly Api[] = ofDomain("calendar", [
  {
    name: "create_event",
    description: "Puts an event into the calendar and invites people.",
    parameters: [
      text("title", titles, "As the user wrote it."),
      date("date", "Day of the event"),
      time("start_time", "Start"),
      optional(duration, 60),
      optional(attendees),
    ],
    requests: [
      'Put "{title}" into my calendar on {date} at {start_time}[, for {duration_minutes}].',
      'Create an event called "{title}" on {date}, starting at {start_time}[ and lasting {duration_minutes}][, and invite {attendees}].',
      'Please schedule "{title}" for {date} at {start_time}[ with {attendees}].',
    ],
  },
  {
    name: "reschedule_event",
    description: "Moves an event that is in the calendar.",
    parameters: [
      eventId,
      date("new_date", "Day that it moves to"),
      time("new_start_time", "New start"),
      optional(
        yesNo(
          "notify",
          { yes: "and tell everyone invited", no: "without telling anyone" },
          "Informs those invited.",
        ),
      ),
    ],
    requests: [
      "Move event {event_id} to {new_date} at {new_start_time}[ {notify}].",
      "Event {event_id} has to be rescheduled: {new_date}, {new_start_time}.",
      "Shift {event_id} in my calendar to {new_start_time} on {new_date}[ {notify}].",
    ],
  },
  {
    name: "cancel_event",
    description: "Removes an event from the calendar.",
    parameters: [
      eventId,
      optional(
        text(
          "message",
          ["I am ill", "The room is taken", "We met already", "The guest cannot come"],
          "To those invited, as the user wrote it.",
        ),
      ),
    ],
    requests: [
      'Cancel event {event_id}[ with the message "{message}"].',
      'Take {event_id} off my calendar[ and write "{message}" to those invited].',
      'Event {event_id} is off, please remove it[. Message: "{message}"].',
    ],
  },
  {
    name: "find_free_time",
    description: "Finds when people are all free on a day.",
    parameters: [
      list("people", email, { min: 2, max: 3 }, "E-mail addresses, in the order named."),
      date("date", "Day to search"),
      duration,
      optional(time("earliest", "Not before", { from: 8, to: 15 }), "08:00"),
    ],
    requests: [
      "When on {date} do {people} have {duration_minutes} free[, from {earliest} on]?",
      "Find a free slot of {duration_minutes} on {date} for {people}[, not before {earliest}].",
      "I need {duration_minutes} with {people} on {date}. When are they free?[ It must be {earliest} or later.]",
    ],
  },
  {
    name: "set_reminder",
    description: "Reminds the user of something at a time.",
    parameters: [
      text("text", chores, "What to do, in the user's words."),
      date("date", "Day of the reminder"),
      time("time", "When to ring"),
      optional(choice("repeat", { none: "just once", ...repeats }), "none"),
    ],
    requests: [
      "Remind me to {text} on {date} at {time}[, {repeat}].",
      "At {time} on {date}, remind me to {text}[, {repeat}].",
      "I need a reminder to {text}, on {date} at {time}[, {repeat}].",
    ],
  },
]);

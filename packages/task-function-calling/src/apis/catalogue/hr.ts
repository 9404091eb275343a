import type { Api } from "../api.ts";
import { date, PAST, period } from "../dates.ts";
import { choice, coded, made, number, object, optional, text, whole, yesNo } from "../parameters.ts";
import { price, steps } from "../ways.ts";
import { currencies, firstName, lastName, ofDomain, reference } from "./common.ts";

const employeeId = made("employee_id", reference("E", 5), "E and five digits.");
const leaveTypes = {
  vacation: "vacation",
  sick: "sick leave",
  parental: "parental leave",
  unpaid: "unpaid leave",
};
const departments = {
  engineering: "Engineering",
  sales: "Sales",
  finance: "Finance",
  legal: "Legal",
  operations: "Operations",
};
const categories = { travel: "travel", meals: "meals", equipment: "equipment", training: "training" };
const projects = ["Atlas", "Nova", "Harbour", "Mercury"];

export const hr: readonly Api[] = ofDomain("hr", [
  {
    name: "request_leave",
    description: "Asks for time off for an employee.",
    parameters: [
      employeeId,
      choice("type", leaveTypes),
      period("dates", ["first_day", "last_day"], { min: 1, max: 21 }, "Both days included."),
      optional(
        text("comment", ["As agreed with Laura", "Handover is done", "Please confirm soon"], "As written."),
      ),
    ],
    requests: [
      'Request {type} for employee {employee_id} {dates}[, with the comment "{comment}"].',
      'Employee {employee_id} would like to take {type} {dates}[. Comment: "{comment}"].',
      'Hand in {type} for {employee_id} {dates}[ and add the comment "{comment}"].',
    ],
  },
  {
    name: "get_leave_balance",
    description: "How many days off an employee has left.",
    parameters: [
      employeeId,
      whole("year", [steps(2024, 2028)]),
      optional(choice("type", leaveTypes), "vacation"),
    ],
    requests: [
      "How many days off does employee {employee_id} have left in {year}[, counting {type}]?",
      "Check the leave balance of {employee_id} for {year}[, {type}].",
      "What remains of {employee_id}'s leave for {year}?[ I mean {type}.]",
    ],
  },
  {
    name: "submit_expense",
    description: "Claims money that the user spent for the company.",
    parameters: [
      choice("category", categories),
      number("amount", [price(5, 600), steps(10, 500, 5)]),
      coded("currency", currencies, "ISO 4217 code in upper case, such as DKK."),
      date("date", "Day of the expense", PAST),
      optional(
        yesNo(
          "billable",
          { yes: "The client pays for it", no: "The client does not pay for it" },
          "Passed on to the client.",
        ),
      ),
    ],
    requests: [
      "Submit an expense of {amount} {currency} for {category} on {date}.[ {billable}.]",
      "I spent {amount} {currency} on {category} on {date}, please claim it.[ {billable}.]",
      "Hand in {amount} {currency} of {category} expenses, dated {date}.[ {billable}.]",
    ],
  },
  {
    name: "log_working_hours",
    description: "Enters hours worked into the time sheet.",
    parameters: [
      employeeId,
      date("date", "Day of the work", PAST),
      number("hours", [steps(1, 10, 0.25)], "Quarters of an hour as decimals."),
      optional(text("project", projects)),
    ],
    requests: [
      "Log {hours} hours for employee {employee_id} on {date}[, project {project}].",
      "{employee_id} worked {hours} hours on {date}[ for project {project}]. Enter that in the time sheet.",
      "Enter {hours} hours of work[ on project {project}] for {employee_id}, dated {date}.",
    ],
  },
  {
    name: "add_employee",
    description: "Adds somebody new to the staff.",
    parameters: [
      object("name", [made("first", firstName), made("last", lastName)], ["{first} {last}"]),
      choice("department", departments),
      date("start_date", "First day at work"),
      optional(yesNo("remote", { yes: "working remotely", no: "working on site" })),
      optional(number("hours_per_week", [steps(16, 40, 0.5)]), 40),
    ],
    requests: [
      "Add {name} as a new employee in {department}, starting on {start_date}[, {remote}].",
      "{name} joins {department} on {start_date}[, {hours_per_week} hours a week][, {remote}]. Add them to the staff.",
      "We've hired {name} for {department}. First day: {start_date}[, {hours_per_week} hours per week]. Enter them, please.",
    ],
  },
]);

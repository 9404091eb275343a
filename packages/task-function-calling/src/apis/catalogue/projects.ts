import type { Api } from "../api.ts";
import { date, period } from "../dates.ts";
import { choice, list, made, number, optional, text, yesNo } from "../parameters.ts";
import { phrase, steps } from "../ways.ts";
import { fullName, ofDomain, reference } from "./common.ts";

const undertakings = ["Website relaunch", "Mobile app", "Data migration", "Office move", "Spring campaign"];
const tasks = [
  ...["Write release notes", "Fix login page", "Update price list", "Review contract", "Order new laptops"],
  ...["Prepare demo", "Clean up test data", "Translate manual", "Interview customers"],
];
const project = text("project", undertakings, "As written.");
const taskId = made("task_id", reference("TASK-", 4), "TASK- and four digits.");
const states = { todo: "to do", in_progress: "in progress", in_review: "in review", done: "done" };
const priorities = { low: "low", medium: "medium", high: "high" };
const labels = { bug: "bug", feature: "feature", docs: "docs", design: "design", urgent: "urgent" };
const assignee = made("assignee", fullName, "First and last name.");

export const projects: readonly Api[] = ofDomain("projects", [
  {
    name: "create_task",
    description: "Adds a task to a project.",
    parameters: [
      project,
      text("title", tasks, "As written."),
      optional(assignee),
      optional(date("due_date", "Last day to finish")),
      optional(choice("priority", priorities), "medium"),
      optional(list("labels", choice("label", labels), { min: 1, max: 3 }, "In the order named.")),
    ],
    requests: [
      'Create a task "{title}" in the project "{project}"[, assigned to {assignee}][, due on {due_date}].',
      'Add "{title}" to the tasks of "{project}"[ with {priority} priority][ and the labels {labels}].',
      'In the project "{project}", we need a new task "{title}"[ for {assignee}][, {priority} priority].',
    ],
  },
  {
    name: "update_task_status",
    description: "Says how far a task is.",
    parameters: [taskId, choice("status", states)],
    requests: [
      'Set {task_id} to "{status}".',
      '{task_id} is now "{status}", update it.',
      'Change the status of task {task_id} to "{status}", please.',
    ],
  },
  {
    name: "assign_task",
    description: "Gives a task to somebody.",
    parameters: [
      taskId,
      assignee,
      optional(yesNo("notify", { yes: "and let them know", no: "without notifying them" })),
    ],
    requests: [
      "Assign {task_id} to {assignee}[ {notify}].",
      "{assignee} should take over {task_id}. Assign it[ {notify}].",
      "Give task {task_id} to {assignee}[ {notify}].",
    ],
  },
  {
    name: "list_tasks",
    description: "The tasks of a project.",
    parameters: [
      project,
      optional(
        list("statuses", choice("status", states), { min: 1, max: 2 }, "Only these, in the order named."),
      ),
      optional(assignee),
      optional(
        yesNo("overdue", { yes: "overdue", no: "not overdue" }, "Only tasks that are, or are not, overdue."),
      ),
    ],
    requests: [
      'List the tasks of "{project}"[ that are {statuses}].',
      'Which tasks in "{project}" are assigned to {assignee}[ and {overdue}]?',
      'Show me the tasks in the project "{project}" that are {overdue}[ and assigned to {assignee}].',
    ],
  },
  {
    name: "estimate_task",
    description: "Records how long a task is expected to take.",
    parameters: [
      taskId,
      number("hours", [steps(1, 30, 0.5), phrase("two and a half", 2.5)], "Working hours."),
    ],
    requests: [
      "Estimate {task_id} at {hours} hours.",
      "I think {task_id} will take {hours} hours, record that.",
      "Put down {hours} hours as the estimate for task {task_id}.",
    ],
  },
  {
    name: "start_sprint",
    description: "Opens a sprint of a project.",
    parameters: [
      project,
      period("dates", ["first_day", "last_day"], { min: 6, max: 21 }, "Both days included."),
      optional(text("goal", ["Ship the beta", "Close all bugs", "Finish the checkout"], "As written.")),
    ],
    requests: [
      'Start a sprint for "{project}" {dates}[ with the goal "{goal}"].',
      'Open a sprint in the project "{project}", running {dates}[. Its goal: "{goal}"].',
    ],
  },
]);

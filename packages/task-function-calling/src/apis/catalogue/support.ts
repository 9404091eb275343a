import type { Api } from "../api.ts";
import { choice, list, made, optional, text, whole, yesNo } from "../parameters.ts";
import { phrase, plain, times } from "../ways.ts";
import { mailAddress, ofDomain, reference } from "./common.ts";

const ticketId = made("ticket_id", reference("T-", 5), "T- and five digits.");
const subjects = [
  ...[
    "Second request",
    "Follow-up to our call",
    "Question about my contract",
    "Please call me back",
    "Still waiting",
  ],
  ...["No answer since Monday", "Thank you, but not solved", "Request from the hotline"],
];
const categories = { billing: "billing", technical: "technical", shipping: "shipping", account: "account" };
const priorities = { low: "low", normal: "normal", high: "high", critical: "critical" };
const teams = {
  tier2: "the second-level support team",
  engineering: "the engineering team",
  billing: "the billing team",
  legal: "the legal team",
};
const customer = made("customer_email", mailAddress);

export const support: readonly Api[] = ofDomain("support", [
  {
    name: "create_ticket",
    description: "Opens a support ticket for a customer.",
    parameters: [
      customer,
      text("subject", subjects, "As written."),
      choice("category", categories),
      optional(choice("priority", priorities), "normal"),
    ],
    requests: [
      'Open a ticket for {customer_email} in the category {category}, with the subject "{subject}"[ and {priority} priority].',
      'Customer {customer_email} reports "{subject}". Create a ticket in the category {category}[ with {priority} priority].',
      'New {category} ticket[ of {priority} priority], please: "{subject}", customer {customer_email}.',
    ],
  },
  {
    name: "close_ticket",
    description: "Closes a support ticket.",
    parameters: [
      ticketId,
      choice("resolution", {
        solved: "is solved",
        duplicate: "is a duplicate",
        no_response: "was left unanswered by the customer",
      }),
      optional(yesNo("send_survey", { yes: "Send the survey", no: "Don't send the survey" })),
    ],
    requests: [
      "Close ticket {ticket_id}, it {resolution}.[ {send_survey}.]",
      "{ticket_id} {resolution}, so close it.[ {send_survey}.]",
    ],
  },
  {
    name: "escalate_ticket",
    description: "Hands a ticket to another team.",
    parameters: [
      ticketId,
      choice("team", teams),
      optional(
        whole(
          "respond_within_minutes",
          [plain(15, 50, "minutes"), times(60, "hours"), phrase("an hour", 60)],
          "In minutes.",
        ),
      ),
    ],
    requests: [
      "Escalate {ticket_id} to {team}[, who must respond within {respond_within_minutes}].",
      "Hand ticket {ticket_id} over to {team}[. They have {respond_within_minutes} to respond].",
      "{ticket_id} needs {team}, escalate it[ with a response time of {respond_within_minutes}].",
    ],
  },
  {
    name: "search_tickets",
    description: "Finds support tickets.",
    parameters: [
      choice("status", { open: "open", pending: "pending", closed: "closed" }),
      optional(list("priorities", choice("priority", priorities), { min: 1, max: 2 }, "In the order named.")),
      optional(customer),
      optional(choice("category", categories)),
    ],
    requests: [
      "Show me all {status} tickets[ of {customer_email}][ with {priorities} priority].",
      "Which {status} tickets are there[ in the category {category}][ from {customer_email}]?",
      "Find {status} {category} tickets[ of {priorities} priority].",
    ],
  },
  {
    name: "merge_tickets",
    description: "Makes one ticket of several about the same thing.",
    parameters: [
      { ...ticketId, name: "main_ticket" },
      list(
        "duplicates",
        ticketId,
        { min: 1, max: 3 },
        "Tickets that go into the main one, in the order named.",
      ),
    ],
    requests: [
      "Merge {duplicates} into {main_ticket}.",
      "{main_ticket} is the main ticket. Merge {duplicates} into it.",
      "Please fold {duplicates} into {main_ticket}.",
    ],
    sensible: ({ main_ticket, duplicates }) => Array.isArray(duplicates) && !duplicates.includes(main_ticket),
  },
]);

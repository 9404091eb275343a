import type { Random } from "@rrr/core";
import type { Api } from "../api.ts";
import { period } from "../dates.ts";
import { choice, list, made, optional, text, whole, yesNo } from "../parameters.ts";
import { phrase, plain } from "../ways.ts";
import { digits, mailAddress, ofDomain, reference } from "./common.ts";

const subjects = [
  ...[
    "Lunch on Friday",
    "Draft contract",
    "Holiday photos",
    "Meeting notes",
    "New office keys",
    "Your invoice",
  ],
  ...["Garden party", "Training plan", "Lost umbrella", "Change of address"],
];
const bodies = [
  ...[
    "I am running ten minutes late.",
    "The parcel has arrived.",
    "See you at the station!",
    "Thanks for your help.",
  ],
  ...[
    "Can you call me back?",
    "The keys are under the mat.",
    "Please send me the final version.",
    "We won the tender!",
  ],
];
const to = list(
  "to",
  made("email", mailAddress),
  { min: 1, max: 3 },
  "E-mail addresses, in the order named.",
);
const emailId = made("email_id", reference("msg-", 6), "msg- and six digits.");
const phone = made(
  "phone_number",
  (random: Random) => `+${random.pick(["1", "33", "44", "49"])}${digits(9, random)}`,
  "With country code, digits only after the plus sign.",
);
const body = text("body", bodies, "As the user wrote it, with its punctuation.");

export const messages: readonly Api[] = ofDomain("messages", [
  {
    name: "send_email",
    description: "Sends a new e-mail.",
    parameters: [
      to,
      text("subject", subjects, "As the user wrote it."),
      body,
      optional(choice("priority", { low: "low", normal: "normal", high: "high" }), "normal"),
    ],
    requests: [
      'Send an e-mail to {to} with the subject "{subject}" and the text "{body}"[. Priority: {priority}].',
      'E-mail {to}[ with {priority} priority]. Subject: "{subject}". Text: "{body}"',
      'Write to {to}, subject "{subject}", saying "{body}"[, and mark it as {priority} priority].',
    ],
  },
  {
    name: "send_text_message",
    description: "Sends a text message (SMS) to a phone.",
    parameters: [phone, body],
    requests: [
      'Text "{body}" to {phone_number}.',
      'Send {phone_number} a text message: "{body}"',
      'Please send an SMS with "{body}" to {phone_number}.',
    ],
  },
  {
    name: "search_emails",
    description: "Finds e-mails in the inbox.",
    parameters: [
      made("sender", mailAddress, "Address that they came from."),
      optional(text("subject_contains", ["invoice", "contract", "holiday", "report", "ticket"])),
      optional(yesNo("has_attachment", { yes: "with an attachment", no: "without an attachment" })),
      optional(whole("limit", [plain(2, 20, "e-mails"), phrase("a dozen e-mails", 12)], "At most so many.")),
    ],
    requests: [
      'Find e-mails from {sender}[ with "{subject_contains}" in the subject][, at most {limit}].',
      'Which messages {has_attachment} did {sender} send me[ that have "{subject_contains}" in the subject]?',
      "Search my inbox for mail from {sender}[ {has_attachment}][, no more than {limit}].",
    ],
  },
  {
    name: "forward_email",
    description: "Passes an e-mail on to others.",
    parameters: [
      emailId,
      to,
      optional(
        text(
          "comment",
          ["For your information", "Please deal with this", "Any idea?"],
          "As the user wrote it.",
        ),
      ),
    ],
    requests: [
      'Forward {email_id} to {to}[ with the comment "{comment}"].',
      'Pass e-mail {email_id} on to {to}[, adding "{comment}"].',
      '{to} should see {email_id}, please forward it[ with "{comment}" on top].',
    ],
  },
  {
    name: "set_auto_reply",
    description: "Answers incoming e-mail automatically for a while.",
    parameters: [
      period(
        "absence",
        ["first_day", "last_day"],
        { min: 1, max: 21 },
        "When to answer, both days included.",
      ),
      text(
        "message",
        ["I am on leave.", "I am at a conference.", "Our office is closed."],
        "With its punctuation.",
      ),
      optional(yesNo("contacts_only", { yes: "only to my contacts", no: "to everybody" }), false),
    ],
    requests: [
      'Set an automatic reply {absence}: "{message}"[ Send it {contacts_only}.]',
      'I am away {absence}. Have my mail answered with "{message}"[, {contacts_only}].',
      'Answer my e-mail {absence} with "{message}"[, {contacts_only}].',
    ],
  },
]);

import type { Random } from "@rrr/core";
import type { Api } from "../api.ts";
import { date, PAST, period } from "../dates.ts";
import { choice, coded, made, number, object, optional, text, yesNo } from "../parameters.ts";
import { price, steps } from "../ways.ts";
import { currencies, differ, digits, fullName, ofDomain } from "./common.ts";

const account = choice("account", { checking: "checking", savings: "savings", business: "business" });
const amount = number("amount", [price(5, 900), steps(20, 2_000, 10)], "Without a currency sign.");
const currency = (name: string) => coded(name, currencies, "ISO 4217 code in upper case, such as DKK.");
const recipient = object(
  "recipient",
  [
    made("name", fullName),
    made("iban", (random) => `${random.pick(["BE", "NO"])}${digits(14, random)}`, "Without spaces."),
  ],
  ["{name}, IBAN {iban}", "{name} (IBAN {iban})"],
);
const lastDigits = made(
  "card_ending",
  (random: Random) => digits(4, random),
  "The last four digits of the card, as a string.",
);
const payees = ["City Waterworks", "Northern Power", "Telenet", "Green Insurance", "Oak Street Rentals"];

export const banking: readonly Api[] = ofDomain("banking", [
  {
    name: "transfer_money",
    description: "Sends money from the user's account to a person's.",
    parameters: [
      recipient,
      amount,
      currency("currency"),
      optional({ ...account, name: "from_account" }, "checking"),
      optional(
        text("reference", ["Rent May", "Birthday present", "Invoice 2041", "Shared dinner"], "As written."),
      ),
    ],
    requests: [
      'Transfer {amount} {currency} to {recipient}[, from my {from_account} account][, reference "{reference}"].',
      'Send {recipient}, {amount} {currency}[ with the reference "{reference}"].',
      "From my {from_account} account, pay {amount} {currency} to {recipient}.",
    ],
  },
  {
    name: "get_account_balance",
    description: "How much money is in one of the user's accounts.",
    parameters: [
      account,
      optional(
        yesNo("include_pending", {
          yes: "with pending payments counted",
          no: "leaving pending payments out",
        }),
      ),
    ],
    requests: [
      "How much do I have in my {account} account[, {include_pending}]?",
      "What's the balance of my {account} account[, {include_pending}]?",
      "Check how much money is left in the {account} account[, {include_pending}].",
    ],
  },
  {
    name: "list_transactions",
    description: "Payments to and from an account between two days.",
    parameters: [
      account,
      period("dates", ["first_day", "last_day"], { min: 5, max: 60 }, "Both days included.", PAST),
      optional(number("min_amount", [steps(10, 500, 10), price(10, 100)], "Leaves out smaller ones.")),
      optional(choice("direction", { incoming: "incoming", outgoing: "outgoing" }, "Both, if left out.")),
    ],
    requests: [
      "List the[ {direction}] transactions of my {account} account {dates}[, only those of {min_amount} or more].",
      "What payments were there on my {account} account {dates}[, leaving out anything under {min_amount}]?",
      "I'd like to see all[ {direction}] payments on the {account} account {dates}.",
    ],
  },
  {
    name: "pay_bill",
    description: "Pays a company that is on the user's list of payees, on a day.",
    parameters: [
      text("payee", payees),
      amount,
      date("payment_date", "Day of the payment"),
      optional(account, "checking"),
    ],
    requests: [
      "Pay my {payee} bill of {amount} on {payment_date}[ from the {account} account].",
      "The bill from {payee} is {amount}. Pay it on {payment_date}[, out of my {account} account].",
      "Set up the payment of {amount} to {payee} for {payment_date}[, using my {account} account].",
    ],
  },
  {
    name: "freeze_card",
    description: "Blocks a bank card.",
    parameters: [
      lastDigits,
      choice("reason", {
        lost: "I lost it",
        stolen: "it was stolen",
        suspicious_payment: "there is a payment I don't recognise",
      }),
      optional(yesNo("order_replacement", { yes: "Send me a new one", no: "I don't need a new one" })),
    ],
    requests: [
      "Freeze my card ending in {card_ending}: {reason}.[ {order_replacement}.]",
      "Please block the card that ends in {card_ending}, {reason}.[ {order_replacement}.]",
    ],
  },
  {
    name: "convert_currency",
    description: "What an amount is worth in another currency. Moves no money.",
    parameters: [amount, currency("from_currency"), currency("to_currency")],
    requests: [
      "How much is {amount} {from_currency} in {to_currency}?",
      "Convert {amount} {from_currency} to {to_currency}.",
      "What would I get in {to_currency} for {amount} {from_currency}?",
    ],
    sensible: differ("from_currency", "to_currency"),
  },
]);

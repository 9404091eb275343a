import type { Api } from "../api.ts";
import { PAST, period } from "../dates.ts";
import { choice, coded, list, number, optional, text, whole, yesNo } from "../parameters.ts";
import { phrase, plain, price, steps } from "../ways.ts";
import { ofDomain } from "./common.ts";

const companies = {
  AAPL: "Apple (AAPL)",
  AMZN: "Amazon (AMZN)",
  DIS: "Disney (DIS)",
  IBM: "IBM",
  INTC: "Intel (INTC)",
  KO: "Coca-Cola (KO)",
  MSFT: "Microsoft (MSFT)",
  NFLX: "Netflix (NFLX)",
  NKE: "Nike (NKE)",
  NVDA: "Nvidia (NVDA)",
  PFE: "Pfizer (PFE)",
  SBUX: "Starbucks (SBUX)",
};
const symbol = coded("symbol", companies, "Ticker symbol in upper case.");
const portfolios = ["Retirement", "Tech", "Dividends", "Kids"];
const shares = whole("shares", [steps(2, 60), phrase("a hundred", 100), phrase("two dozen", 24)]);

export const stocks: readonly Api[] = ofDomain("stocks", [
  {
    name: "get_stock_price",
    description: "The latest price of one share.",
    parameters: [
      symbol,
      optional(yesNo("after_hours", { yes: "with", no: "without" }, "Counts trading after the close.")),
    ],
    requests: [
      "What does a share of {symbol} cost now[, {after_hours} after-hours trading]?",
      "Get me the current price of {symbol}[, {after_hours} after-hours trading].",
      "Where is {symbol} trading at the moment[, {after_hours} after-hours trades counted]?",
    ],
  },
  {
    name: "get_price_history",
    description: "The prices of a share between two days in the past.",
    parameters: [
      symbol,
      period("dates", ["start", "end"], { min: 70, max: 300 }, "Both days included.", PAST),
      optional(choice("interval", { "1d": "daily", "1wk": "weekly", "1mo": "monthly" }), "1d"),
    ],
    requests: [
      "Show me the[ {interval}] prices of {symbol} {dates}.",
      "How did {symbol} do {dates}?[ I want {interval} figures.]",
      "I need[ {interval}] price data for {symbol} {dates}.",
    ],
  },
  {
    name: "place_limit_order",
    description: "Buys or sells shares, at a given price or better.",
    parameters: [
      choice("side", { buy: "Buy", sell: "Sell" }),
      symbol,
      shares,
      number("limit_price", [price(20, 400), steps(20, 400)], "Dollars a share."),
      optional(
        choice("valid", { day: "today only", gtc: "until cancelled" }, "How long the order stands."),
        "day",
      ),
    ],
    requests: [
      "{side} {shares} shares of {symbol} with a limit of {limit_price} dollars[, valid {valid}].",
      "{side} {shares} {symbol} shares, limit price {limit_price} dollars[, and keep the order open {valid}].",
    ],
  },
  {
    name: "set_price_alert",
    description: "Tells the user when a share crosses a price. Buys and sells nothing.",
    parameters: [
      symbol,
      choice("direction", { above: "rises above", below: "falls below" }),
      number("price", [price(20, 400), steps(20, 400)], "Dollars."),
    ],
    requests: [
      "Let me know when {symbol} {direction} {price} dollars.",
      "Alert me as soon as {symbol} {direction} {price} dollars.",
      "Send me a note if {symbol} {direction} {price} dollars.",
    ],
  },
  {
    name: "get_company_news",
    description: "The latest news about companies on the stock market.",
    parameters: [
      list("symbols", symbol, { min: 1, max: 3 }, "In the order named."),
      optional(whole("limit", [plain(3, 15, "articles")], "At most so many."), 10),
    ],
    requests: [
      "What's the latest news on {symbols}[, {limit} at most]?",
      "Bring me up to date with the news about {symbols}[, no more than {limit}].",
      "Any headlines about {symbols}?[ At most {limit}, please.]",
    ],
  },
  {
    name: "get_portfolio_value",
    description: "What the shares in one of the user's portfolios are worth.",
    parameters: [
      text("portfolio", portfolios),
      optional(yesNo("by_position", { yes: "share by share", no: "as one sum" })),
    ],
    requests: [
      'What is my portfolio "{portfolio}" worth[, {by_position}]?',
      'Give me the value of the "{portfolio}" portfolio[, {by_position}].',
    ],
  },
]);

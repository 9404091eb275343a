import type { Api } from "../api.ts";
import { choice, list, made, number, object, optional, text, whole, yesNo } from "../parameters.ts";
import { phrase, price, steps } from "../ways.ts";
import { ofDomain, reference } from "./common.ts";

const products = [
  ...["desk lamp", "rain jacket", "coffee grinder", "yoga mat", "travel mug", "board game", "wool blanket"],
  ...["garden hose", "bike helmet", "bluetooth speaker", "cutting board", "picture frame", "camping stove"],
];
const productId = made("product_id", reference("P-", 5), "P- and five digits.");
const orderNumber = made("order_number", reference("ORD-", 6), "ORD- and six digits.");
const quantity = whole("quantity", [steps(2, 9), phrase("a dozen", 12), phrase("half a dozen", 6)]);
const orders = {
  relevance: "relevance",
  price_asc: "price, cheapest first",
  price_desc: "price, dearest first",
};
const reviews = [
  "As described.",
  "Bought it for my sister.",
  "Delivery took a week.",
  "It is darker than in the picture.",
];

export const shopping: readonly Api[] = ofDomain("shopping", [
  {
    name: "search_products",
    description: "Searches the shop.",
    parameters: [
      text("query", products, "What is looked for, in the singular and lower case."),
      optional(number("max_price", [steps(10, 200, 5), price(10, 90)], "Dollars.")),
      optional(choice("sort_by", { ...orders, rating: "rating" }), "relevance"),
      optional(
        yesNo(
          "in_stock",
          { yes: "only what is in stock", no: "including what is sold out" },
          "Leaves out what is sold out.",
        ),
      ),
    ],
    requests: [
      "Search the shop for a {query}[ for at most {max_price} dollars][, sorted by {sort_by}].",
      "I'm looking for a {query}[, {in_stock}][, no more than {max_price} dollars]. What do you sell?",
      "Find me a {query}[, {in_stock}][ and sort by {sort_by}].",
    ],
  },
  {
    name: "add_to_cart",
    description: "Puts known products into the shopping cart.",
    parameters: [
      list(
        "items",
        object(
          "item",
          [productId, quantity],
          ["{quantity} of {product_id}", "{quantity} pieces of {product_id}"],
        ),
        { min: 1, max: 3 },
        "In the order named.",
      ),
      optional(yesNo("gift_wrap", { yes: "gift-wrapped", no: "not gift-wrapped" }), false),
    ],
    requests: [
      "Add {items} to my cart[, {gift_wrap}].",
      "Put {items} into the shopping cart[, {gift_wrap}].",
      "I'll take {items}[, {gift_wrap}]. Add them to the cart.",
    ],
  },
  {
    name: "track_order",
    description: "Where an order is.",
    parameters: [orderNumber],
    requests: [
      "Where is my order {order_number}?",
      "Track order {order_number}, please.",
      "Has {order_number} been shipped yet?",
    ],
  },
  {
    name: "return_item",
    description: "Sends a product of an order back.",
    parameters: [
      orderNumber,
      productId,
      choice("reason", {
        damaged: "it is damaged",
        wrong_size: "the size is wrong",
        not_as_described: "it is not as described",
        unwanted: "I no longer want it",
      }),
      optional(choice("refund_to", { card: "my card", store_credit: "store credit" }), "card"),
    ],
    requests: [
      "Return {product_id} from order {order_number}: {reason}.[ Refund it as {refund_to}.]",
      "I want to send back {product_id} from {order_number} because {reason}[. The refund goes to {refund_to}].",
    ],
  },
  {
    name: "write_review",
    description: "Publishes the user's opinion of a product.",
    parameters: [
      productId,
      whole("stars", [steps(2, 5)], "1 to 5."),
      text("text", reviews, "As the user wrote it, with its punctuation."),
      optional(yesNo("anonymous", { yes: "anonymously", no: "under my name" })),
    ],
    requests: [
      'Review {product_id} with {stars} stars and the text "{text}"[, {anonymous}].',
      'Give {product_id} {stars} stars[ {anonymous}] and write "{text}"',
      'Post a {stars}-star review of {product_id}[ {anonymous}]: "{text}"',
    ],
  },
]);

// @ts-check
/**
 * Why an order was executed, refused or canceled, in words and figures that a trader can check. Pure. The figures of an
 * execution are those that the server stored with it.
 *
 * @import {ExecutionExplanation, Order} from "../types/tradingview.js"
 */
import { OrderStatus, sideName } from "./codes.js";
import { clock, dateTime, money, price, qty, signed } from "./format.js";
import { inWords } from "./words.js";

/**
 * @typedef {object} Reasoning
 * @property {string} title
 * @property {string} rule the rule that decided, in one or two sentences
 * @property {[name: string, figure: string][]} facts
 */

/** By the server's name of the rule. @type {Record<string, string>} */
const FILL_RULES = {
  market: "A market order takes the best prices of the other side of the book, level by level.",
  stop: "The market reached the stop price. The order then took the best prices of the other side of the book.",
  "marketable limit": "The limit price reached the other side of the book, so the order traded at once, at the price of the book.",
  "resting limit": "The market came to the limit price of the order, which was resting in the book.",
  "guaranteed stop": "A guaranteed stop trades at its stop price, without slippage.",
  simulator: "The simulator of this account executed the order.",
};

/** By the reason code of the order. @type {Record<string, string>} */
const REFUSAL_RULES = {
  INSUFFICIENT_MARGIN: "An order is accepted when it needs no more margin than is free: equity less the margin in use and reserved.",
  MARKET_CLOSED: "This order is accepted only in the trading hours of the symbol.",
  HALTED: "No orders trade while the symbol is halted.",
  STOP_PRICE_WOULD_TRIGGER_IMMEDIATELY: "A stop must be beyond the market: a buy stop above the ask, a sell stop below the bid.",
  WOULD_MATCH_IMMEDIATELY: "A post only order is refused when it would trade at once.",
  NO_LIQUIDITY: "The book does not have the size that the order has to get at once.",
  REDUCE_ONLY_VIOLATION: "A reduce only order may only make a position smaller.",
  MAX_OPEN_ORDERS: "The account has as many working orders as it may have.",
  POSITION_LIMIT: "The position would be larger than the account may hold.",
  DAILY_LOSS_LIMIT: "The account has lost as much today as it may lose. Only orders that close positions are accepted.",
  SHORT_SALE: "The account may not sell what it does not hold.",
  PRICE_BAND: "The price is too far from the market.",
  EXPIRED: "The order's duration was over before it was filled.",
  OCO: "Another order of the same group was filled, which cancels this one.",
  PARENT_CANCELED: "The order or position that this bracket protects is gone.",
  STOP_OUT: "The equity fell below the stop out level of the account, which closes positions and cancels orders.",
};

/**
 * @param {ExecutionExplanation} explanation
 * @param {number} decimals of the symbol's prices
 * @returns {Reasoning}
 */
export function reasoningOfExecution({ execution, rule, quote, margin, rate, ...basis }, decimals) {
  const at = (/** @type {number | undefined} */ value) => price(value, decimals);
  const sized = (/** @type {number} */ value, /** @type {number | undefined} */ size) => (size === undefined ? at(value) : `${at(value)} × ${qty(size)}`);
  /** @type {Reasoning["facts"]} */
  const facts = [
    ["Bid and ask", `${sized(quote.bid, quote.bidSize)} / ${sized(quote.ask, quote.askSize)}`],
    ["Last price", at(quote.last)],
    ["Time of the quote", `${clock(quote.time)} UTC`],
  ];
  if (basis.level !== undefined) facts.push(["Level of the book", `${basis.level} at ${at(basis.levelPrice)}${basis.displayed === undefined ? "" : `, ${qty(basis.displayed)} shown`}`]);
  if (basis.takenBefore) facts.push(["Taken by you before", qty(basis.takenBefore)]);
  facts.push(["Slippage", basis.slippage ? signed(basis.slippage, decimals) : "none"]);
  if (basis.draw !== undefined) facts.push(["Random number of the slippage", price(basis.draw, 4)]);
  facts.push(["Your side", execution.maker ? "Maker: the order was resting" : "Taker"], ["Commission", money(execution.commission)]);
  if (rate) facts.push(["Conversion", `1 ${rate.currency} = ${price(rate.value, 6)}, from ${rate.symbol}`]);
  facts.push(
    ["Equity before", money(margin.equity)],
    ["Margin in use before", money(margin.used)],
    ["Margin reserved for orders", money(margin.reserved)],
    ["Free margin before", money(margin.available)],
    ["Further margin needed", money(margin.required)],
  );
  const title = `${execution.side > 0 ? "Bought" : "Sold"} ${qty(execution.qty)} ${execution.symbol} at ${at(execution.price)}`;
  return { title, rule: FILL_RULES[rule] ?? inWords(rule), facts };
}

/**
 * Why an order ended without being filled.
 * @param {Order} order rejected or canceled
 * @param {number} decimals of the symbol's prices
 * @returns {Reasoning}
 */
export function reasoningOfOrder(order, decimals) {
  const code = order.reason ?? "";
  const words = inWords(order.message?.text ?? "", decimals);
  const isRejected = order.status === OrderStatus.Rejected;
  const title = `${sideName(order.side)} ${qty(order.qty)} ${order.symbol}: ${isRejected ? "rejected" : "canceled"}`;
  /** @type {Reasoning["facts"]} */
  const facts = [["Time", `${dateTime(order.updateTime)} UTC`]];
  if (words) facts.unshift(["Reason", words]);
  if (order.filledQty) facts.push(["Filled before", qty(order.filledQty)]);
  const usual = isRejected ? "The market or the account refused the order." : "The order was canceled by its owner.";
  return { title, rule: REFUSAL_RULES[code] ?? usual, facts };
}

// @ts-check
/**
 * The server's refusals and warnings in the words of traders: no field names, numbers with separators. Pure. A sentence that
 * has no rule here keeps its words, with the names of its fields replaced.
 */
import { price } from "./format.js";

/** @type {Record<string, string>} */
export const FIELD_NAMES = {
  limitPrice: "Limit price", stopPrice: "Stop price", takeProfit: "Take profit", stopLoss: "Stop loss",
  guaranteedStop: "Guaranteed stop", trailingStopPips: "Trailing distance", qty: "Quantity", postOnly: "Post only",
  isClose: "Reduce only",
};

const NAME = "(Limit price|Stop price|Take profit|Stop loss|Guaranteed stop|Trailing distance|Quantity|price|order value|stop price)";
const NUMBER = "-?[\\d,.]*\\d";

/** Tried in this order; the first that fits is used. @type {[RegExp, string][]} */
const RULES = [
  [new RegExp(`^${NAME} ${NUMBER} is not a multiple of (${NUMBER})(?: for .+)?$`), "$1 must be a multiple of $2"],
  [new RegExp(`^${NAME} ${NUMBER} is not above zero$`), "$1 must be above zero"],
  [new RegExp(`^${NAME} ${NUMBER} is not (above|below) (?:the filled )?(${NUMBER})$`), "$1 must be $2 $3"],
  [new RegExp(`^${NAME} ${NUMBER} is above (${NUMBER})$`), "$1 must be at most $2"],
  [new RegExp(`^${NAME} ${NUMBER} is (?:outside|not within) (${NUMBER})\\.\\.(${NUMBER})(.*)$`), "$1 must be between $2 and $3$4"],
  [new RegExp(`^${NAME} is required(?: for .+)?$`), "$1 is missing"],
  [new RegExp(`^(?:Stop|stop) price (${NUMBER}) would trigger immediately, the market is (${NUMBER})$`), "A stop at $1 would trigger at once: the market is at $2"],
  [new RegExp(`^Stop price (${NUMBER}) is through the market already, at (${NUMBER})$`), "A stop at $1 would trigger at once: the market is at $2"],
  [new RegExp(`^(${NUMBER}) of margin is required, (${NUMBER}) is available$`), "Not enough margin: $1 is required, $2 is free"],
];

/**
 * Write a number of a sentence with separators, with the decimals that it has.
 * @param {string} digits
 */
function grouped(digits) {
  const value = Number(digits);
  return Number.isFinite(value) ? price(value, (digits.split(".")[1] ?? "").length) : digits;
}

/** Sentences whose numbers are prices. */
const ABOUT_PRICES = /^(?:(?:Limit|Stop|Guaranteed) price|Take profit|Stop loss|Guaranteed stop|A stop|Price) .*(?:above|below|between|trigger)/i;

/**
 * Write the prices of a sentence with at least the decimals of the instrument.
 * @param {string} words
 * @param {number} decimals
 */
function withDecimals(words, decimals) {
  return words.replaceAll(/(?<![\w.])\d[\d,]*(?:\.(\d+))?(?!\w)/g, (digits, fraction = "") =>
    price(Number(digits.replaceAll(",", "")), Math.max(decimals, fraction.length)));
}

/**
 * @param {string} text of the server
 * @param {number} [decimals] of the instrument's prices
 * @returns {string} one sentence with a capital letter and a full stop
 */
export function inWords(text, decimals) {
  let words = text.trim().replaceAll(/\b[a-z]+[A-Za-z]*\b/g, (word) => FIELD_NAMES[word] ?? word);
  words = words.replaceAll(/(?<!\w|[,-]|\d\.)\d{4,}(?:\.\d+)?(?![\w:-])/g, grouped);
  const rule = RULES.find(([pattern]) => pattern.test(words));
  if (rule) words = words.replace(rule[0], rule[1]);
  words = words.charAt(0).toUpperCase() + words.slice(1);
  if (decimals !== undefined && ABOUT_PRICES.test(words)) words = withDecimals(words, decimals);
  return /[.!?]$/.test(words) || words === "" ? words : `${words}.`;
}

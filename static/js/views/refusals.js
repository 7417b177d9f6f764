// @ts-check
/**
 * Which field of an order a refusal concerns. Pure: reason code, the server's sentence and the validation's paths in, a
 * field's name out ("form" for the order as a whole).
 *
 * @import {ApiError} from "../adapters/rest-client.js"
 */

/**
 * @typedef {"symbol" | "type" | "qty" | "limitPrice" | "stopPrice" | "takeProfit" | "stopLoss" | "guaranteedStop"
 *   | "trailingStopPips" | "duration" | "postOnly" | "isClose" | "leverage" | "form"} OrderField
 */

/** @type {Record<string, OrderField>} */
const FIELD_OF_CODE = {
  UNKNOWN_SYMBOL: "symbol",
  BAD_QTY_STEP: "qty",
  QTY_RANGE: "qty",
  NOTIONAL_RANGE: "qty",
  INSUFFICIENT_MARGIN: "qty",
  NO_LIQUIDITY: "qty",
  POSITION_LIMIT: "qty",
  REDUCE_ONLY_VIOLATION: "isClose",
  STOP_PRICE_WOULD_TRIGGER_IMMEDIATELY: "stopPrice",
  WOULD_MATCH_IMMEDIATELY: "limitPrice",
  UNSUPPORTED_COMBINATION: "type",
  OCO_BAD_PRICES: "takeProfit",
};

const PRICE_CODES = new Set(["BAD_PRICE_TICK", "PRICE_BAND", "PRICE_REQUIRED"]);

/** @type {readonly string[]} */
const FIELDS = [
  "symbol", "type", "qty", "limitPrice", "stopPrice", "takeProfit", "stopLoss", "guaranteedStop", "trailingStopPips", "duration",
  "postOnly", "isClose", "leverage",
];

/**
 * The field that a sentence begins with, as the server's sentences about fields do.
 * @param {string} text
 * @returns {OrderField}
 */
export function fieldOfText(text) {
  const name = text.split(/[ .:]/, 1)[0];
  return FIELDS.includes(name) ? /** @type {OrderField} */ (name) : "form";
}

/**
 * @param {string} code
 * @param {string} [text] the server's message; it names one of two prices
 * @returns {OrderField}
 */
export function fieldOfReason(code, text = "") {
  const named = fieldOfText(text);
  if (named !== "form") return named;
  if (PRICE_CODES.has(code)) return /stop/i.test(text) ? "stopPrice" : "limitPrice";
  return FIELD_OF_CODE[code] ?? "form";
}

/**
 * @param {Pick<ApiError, "code" | "message" | "errors">} error
 * @returns {OrderField}
 */
export function fieldOfError(error) {
  for (const { loc } of error.errors) {
    const name = loc.find((part) => FIELDS.includes(String(part)));
    if (name) return /** @type {OrderField} */ (name);
  }
  return fieldOfReason(error.code, error.message);
}

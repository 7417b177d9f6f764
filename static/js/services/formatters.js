// @ts-check
/**
 * TradingView's number formatters: how its fields write and read numbers.
 *
 * @import {NumberFormatter} from "../types/tradingview.js"
 */
import { parseNumber, price, qty } from "../lib/format.js";

/**
 * @param {(value: number) => string} format
 * @returns {NumberFormatter}
 */
function formatterOf(format) {
  return {
    format,
    parse: (text) => {
      const value = parseNumber(text);
      return Number.isNaN(value) ? { res: false, error: "not a number" } : { res: true, value };
    },
  };
}

/** @param {number} decimals */
export function priceFormatter(decimals) {
  return formatterOf((value) => price(value, decimals));
}

export function quantityFormatter() {
  return formatterOf(qty);
}
